"""Words in a language."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from remit.domain import gate, selection  # noqa: F401 - their sentences
from remit.domain.line import Finding, Place, Rule
from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.taxation import SELLER_TAX_ID
from remit.formats.notices import services  # noqa: F401 - its sentences
from remit.formats.words import Words, _catalogue

THEIRS = Sentence("test.theirs", N_("It says {what}."))
LATE = Sentence("test.late", N_("{who} came {late_min} late on {on} and owes {fine}."))


def test_numbers_keep_their_decimals_and_follow_the_language():
    assert Words("de").number(Decimal("1234567.50")) == "1.234.567,50"
    assert Words("en").number(Decimal("1E+3")) == "1,000"
    assert Words("en").number(Decimal("2.345"), 2) == "2.35"
    assert Words("hi").number(1234567) == "12,34,567"


def test_more_digits_than_the_context_holds_are_kept():
    assert Words("en").number(Decimal("1" * 40 + ".25")).replace(",", "") == "1" * 40 + ".25"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "said"),
    [
        ("8519", "EUR", "en", "€8,519.00"),
        ("8519", "EUR", "de", "8.519,00\xa0€"),
        ("100.00000", "JPY", "en", "JP¥100"),
        ("0.0125", "EUR", "en", "€0.0125"),
        ("2", "BHD", "en", "BHD\xa02.000"),
    ],
)
def test_money_has_the_currencys_decimals_and_loses_none(amount, currency, language, said):
    assert Words(language).money(Money(Decimal(amount), currency)) == said


@pytest.mark.parametrize("amount", ["9" * 60 + ".99", "1E+5000", "1E-5000", "NaN", "-Infinity", "9" * 500])
def test_no_figure_of_a_hostile_file_raises(amount):
    assert Words("de").number(Decimal(amount))
    assert Words("de").money(Money(Decimal(amount), "EUR"))


def test_dates_and_instants_name_their_zone():
    at = datetime(2027, 1, 22, 14, 40, tzinfo=UTC)
    assert Words("en").date(date(2027, 1, 22)) == "22 Jan 2027"
    assert Words("en").instant(at, "Europe/Berlin") == "22 Jan 2027, 15:40 CET"
    assert Words("de").instant(at, "Europe/Berlin") == "22.01.2027, 15:40 MEZ"
    assert Words("en").instant(at, "Asia/Kolkata") == "22 Jan 2027, 20:10 GMT+05:30"
    assert Words("fr").instant(at, "Europe/Sofia") == "22 janv. 2027, 16:40 UTC+02:00"
    assert Words("en").instant(at, "Europe/Sofia") == "22 Jan 2027, 16:40 EET"
    with pytest.raises(ValueError, match="without zone"):
        Words("en").instant(at.replace(tzinfo=None))


def test_a_half_open_span_is_said_with_its_last_day():
    assert Words("en").span(date(2027, 1, 1), date(2027, 2, 1)) == "1–31 Jan 2027"


@pytest.mark.parametrize(("minutes", "said"), [(510, "8 h 30"), (485, "8 h 05"), (480, "8 h"), (45, "45 min"), (0, "0 min"), (-90, "-1 h 30")])
def test_durations(minutes, said):
    assert Words("en").duration(minutes) == said


def test_a_reason_says_its_values_in_the_language():
    reason = LATE(who="{who.__class__}", late_min=90, on=date(2027, 1, 22), fine=Money(Decimal(5), "EUR"))
    assert Words("en").reason(reason) == "{who.__class__} came 1 h 30 late on 22 Jan 2027 and owes €5.00."
    assert Words("de").reason(reason).endswith("22.01.2027 and owes 5,00\xa0€.")


def test_codes_of_ours_are_said_by_their_word():
    reason = SELLER_TAX_ID(tax_category="AE")
    assert Words("en").reason(reason) == "“VAT, reverse charge” asks for the seller's VAT identifier or tax number."
    assert Words("en").text("by {basis}", basis="cost_plus") == "by cost plus"


def test_a_missing_value_stays_visible():
    assert Words("en").reason(LATE(who="Jo", late_min=1, on=date(2027, 1, 2))).endswith("owes {fine}.")


def test_findings_and_places():
    finding = Finding("x", Place("ledger", (("line", 12), ("field", "amount"))), {"sum": Decimal("90.5")})
    assert Words("en").finding(finding, Rule("x", "error", N_("The sum is {sum}."), "test")) == "The sum is 90.5."
    assert Words("en").place(finding.place) == "ledger, line 12, field amount"


def test_any_value():
    say = Words("en").value
    assert [say(None), say(True), say(1234), say("a{b}"), say(("a", 2))] == ["–", "yes", "1,234", "a{b}", "a and 2"]


@pytest.mark.parametrize("language", ["", "zz", "not a tag", "en-xa", "../../etc", "x" * 5000])
def test_an_unknown_language_speaks_english(language):
    assert Words(language).number(Decimal("1234.5")) == "1,234.5"


def test_catalogues_translate_and_lines_bring_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr("remit.formats.words.HOUSE", tmp_path)
    for folder, msgid, msgstr in ((tmp_path / "locale", "yes", "ja"), (tmp_path / "lines" / "x" / "locale", "Check {n}", "Prüfe {n}")):
        _write_catalogue(folder / "de" / "LC_MESSAGES" / "django.mo", {msgid: msgstr})
    _catalogue.cache_clear()
    try:
        assert Words("de-AT").value(True) == "ja"
        assert Words("de").text("Check {n}", n=1000) == "Prüfe 1.000"
    finally:
        _catalogue.cache_clear()


def _write_catalogue(path, messages):
    from io import BytesIO

    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    catalogue = Catalog(locale="de")
    for msgid, msgstr in messages.items():
        catalogue.add(msgid, msgstr)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    path.parent.mkdir(parents=True)
    path.write_bytes(buffer.getvalue())


def test_what_a_code_of_procurement_stands_for_is_said_in_the_readers_language() -> None:
    law = Reason("hint.cpv", {"cpv": "79100000", "what": "legal services"})
    assert Words("de").reason(law) == "CPV 79100000 steht für Rechtsdienstleistungen."
    assert Words("en").reason(law) == "CPV 79100000 stands for legal services."
    # A stranger's text of the same name is left alone.
    assert Words("de").reason(Reason("test.theirs", {"what": "legal services"})) == "It says legal services."


def test_languages_and_steps_within_a_sentence_are_said_in_the_readers_language() -> None:
    asked = Reason("gate.language", {"language": "de", "asked": "B2", "held": "-"})
    assert Words("en").reason(asked) == "Language German at B2 is asked for; - is held."
    assert "Deutsch" in Words("de").reason(asked)
    assert Words("fr").language_name("de") == "allemand"
    assert Words("en").language_name("xx-none") == "xx-none"
    offered = Reason("select.designation_language", {"offered": ("en", "bg"), "language": "de"})
    recorded = Reason("select.designation_language", {"offered": "en; bg", "language": "de"})
    assert Words("en").reason(offered) == Words("en").reason(recorded) == "It offers this service here in English and Bulgarian, not in German."
