"""Invoices drawn from accepted work: sums, cards, refusals, and nothing twice."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.domain.invoicing import Terms, Work, credit, draw
from remit.domain.pricing import Band, CardLine, RateCard
from remit.domain.taxation import Party, TaxTreatment

CENT = Decimal("0.01")
SELLER = Party(name="Rila Ledger OOD", country="BG", city="Sofia", vat_id="BG131305822", registration="131305822")
BUYER = Party(name="Halden Instruments GmbH", country="DE", city="Halle", vat_id="DE136695976")
REVERSE = TaxTreatment(category="AE", exemption="Reverse charge", exemption_code="VATEX-EU-AE")
STANDARD = TaxTreatment(category="S", rate=Decimal(19))


def line(name: str, rate: Decimal | str, **more) -> CardLine:
    return CardLine(**{"id": name, "service": "bookkeeping", "level": 3, "basis": "hour", "price": Decimal(rate), **more})


def card(name: str, begins: date, *lines: CardLine, currency: str = "EUR") -> RateCard:
    return RateCard(id=name, version=1, currency=currency, valid_from=begins, lines=lines)


CARD = card("RC-1", date(2027, 1, 1), line("1", "34"), line("2", "42.50", level=4), line("3", "2450", basis="fixed", variant="milestone"))
TERMS = Terms(engagement="E", agreement="AG-1", entities=frozenset({"halden"}), currency="EUR", cards=(CARD,), tax=REVERSE, term_from=date(2027, 1, 1))


def work(name: str = "w", **more) -> Work:
    given = {
        "id": name,
        "item": f"item of {name}",
        "engagement": "E",
        "entity": "halden",
        "says": "Bookkeeping",
        "service": "bookkeeping",
        "level": 3,
        "basis": "hour",
        "quantity": Decimal("1.5"),
        "on": date(2027, 1, 20),
        "acceptance": "A-1",
    }
    return Work(**{**given, **more})


def drawn(works, terms: Terms = TERMS, billed: frozenset[str] = frozenset()):
    return draw("RL-1", date(2027, 2, 10), SELLER, BUYER, terms, works, billed)


def codes(answer) -> set[str]:
    return {reason.code for refused in answer.refused for reason in refused.reasons}


def test_the_invoice_of_the_look():
    answer = drawn(
        [
            work("a", basis="fixed", variant="milestone", quantity=Decimal(1), on=date(2027, 1, 12)),
            work("b", quantity=Decimal("142.50")),
            work("c", quantity=Decimal("21.00")),
            work("d", level=4, quantity=Decimal(12)),
            work("e", variant="weekend", quantity=Decimal("4.5")),
        ]
    )
    assert [str(one.net.amount) for one in answer.invoice.lines] == ["2450.00", "4845.00", "714.00", "510.00"]
    assert (answer.invoice.net.amount, answer.invoice.tax.amount, answer.invoice.total.amount) == (8519, 0, 8519)
    assert answer.invoice.due_on == date(2027, 3, 12)
    assert codes(answer) == {"billing.off_card"}


def test_days_of_one_item_become_one_line_rounded_once():
    days = [work(f"w{day}", item="WI-1", quantity=Decimal("0.333"), on=date(2027, 1, day)) for day in (18, 19, 22)]
    (only,) = drawn(days).invoice.lines
    assert (only.quantity, only.net.amount, only.first_on, only.last_on) == (Decimal("0.999"), Decimal("33.97"), date(2027, 1, 18), date(2027, 1, 22))
    assert only.works == ("w18", "w19", "w22")
    assert only.card == "RC-1"
    assert only.card_line == "1"
    assert only.acceptance == "A-1"


def test_an_item_across_a_raise_becomes_two_lines():
    terms = replace(TERMS, cards=(CARD, card("RC-2", date(2027, 6, 1), line("1", "36"))))
    lines = drawn([work("may", item="WI-1", on=date(2027, 5, 31)), work("june", item="WI-1", on=date(2027, 6, 1))], terms).invoice.lines
    assert [(one.card, one.net.amount) for one in lines] == [("RC-1", 51), ("RC-2", 54)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"acceptance": ""}, "billing.not_accepted"),
        ({"level": 5}, "billing.off_card"),
        ({"on": date(2026, 12, 31)}, "billing.outside_term"),
        ({"entity": "other"}, "billing.outside"),
        ({"engagement": "F"}, "billing.outside"),
        ({"quantity": Decimal(0)}, "billing.no_quantity"),
        ({"quantity": Decimal("-1")}, "billing.no_quantity"),
        ({"quantity": Decimal("NaN")}, "billing.no_quantity"),
    ],
)
def test_what_is_refused_says_why_and_leaves_the_rest(changed, code):
    answer = drawn([work("good"), work("bad", **changed)])
    assert code in codes(answer)
    assert [refused.work.id for refused in answer.refused] == ["bad"]
    assert [one.works for one in answer.invoice.lines] == [("good",)]


def test_all_reasons_are_given_at_once():
    (refused,) = drawn([work("bad", acceptance="", level=5, entity="other")]).refused
    assert {reason.code for reason in refused.reasons} == {"billing.not_accepted", "billing.off_card", "billing.outside"}


def test_a_card_in_another_currency_is_refused():
    assert codes(drawn([work()], replace(TERMS, currency="USD"))) == {"billing.other_currency"}


def test_nothing_to_bill_is_an_obstacle_and_no_empty_invoice():
    answer = drawn([work("bad", acceptance="")])
    assert answer.invoice is None
    assert [reason.code for reason in answer.obstacles] == ["billing.nothing"]


def test_the_same_entry_twice_is_billed_once_and_unlike_twins_not_at_all():
    assert sum(one.quantity for one in drawn([work(), work()]).invoice.lines) == Decimal("1.5")
    answer = drawn([work("x"), work("x", quantity=Decimal(9)), work("y")])
    assert [one.works for one in answer.invoice.lines] == [("y",)]
    assert "billing.same_id" in codes(answer)


def test_zero_is_a_price_and_its_line_stands_on_the_invoice():
    free = replace(TERMS, cards=(card("free", date(2027, 1, 1), line("1", "0")),))
    assert drawn([work()], free).invoice.total.amount == 0


def test_a_volume_band_counts_what_is_billed_together():
    banded = replace(TERMS, cards=(card("B", date(2027, 1, 1), line("1", "10", bands=(Band(Decimal(100), Decimal(9)),))),))
    works = [work("a", quantity=Decimal(60)), work("b", quantity=Decimal(40))]
    assert drawn(works, banded).invoice.net.amount == 900
    assert drawn(works[:1], banded).invoice.net.amount == 600


def test_vat_is_rounded_once_a_treatment():
    thirds = replace(TERMS, tax=STANDARD, cards=(card("T", date(2027, 1, 1), line("1", "0.33")),))
    invoice = drawn([work(str(n), quantity=Decimal(1)) for n in range(3)], thirds).invoice
    assert (invoice.net.amount, invoice.tax.amount, invoice.total.amount) == (Decimal("0.99"), Decimal("0.19"), Decimal("1.18"))


def test_lines_of_two_treatments_have_a_sum_each():
    answer = drawn([work("a"), work("b", tax=STANDARD)])
    assert [(part.treatment.category, part.taxable.amount, part.tax.amount) for part in answer.invoice.taxes] == [("AE", 51, 0), ("S", 51, Decimal("9.69"))]


@pytest.mark.parametrize(
    ("tax", "seller", "buyer", "rule"),
    [
        (REVERSE, replace(SELLER, vat_id=""), BUYER, "BR-AE-02"),
        (REVERSE, SELLER, replace(BUYER, vat_id=""), "BR-AE-02"),
        (replace(REVERSE, exemption="", exemption_code=""), SELLER, BUYER, "BR-AE-10"),
        (replace(REVERSE, rate=Decimal(19)), SELLER, BUYER, "BR-AE-05"),
        (STANDARD, replace(SELLER, vat_id=""), BUYER, "BR-S-02"),
        (TaxTreatment(category="S"), SELLER, BUYER, "BR-S-05"),
        (replace(STANDARD, exemption="why"), SELLER, BUYER, "BR-S-10"),
        (TaxTreatment(category="E"), SELLER, BUYER, "BR-E-10"),
        (TaxTreatment(category="K", exemption="x"), SELLER, replace(BUYER, vat_id=""), "BR-IC-02"),
        (TaxTreatment(category="G", exemption="x"), replace(SELLER, vat_id=""), BUYER, "BR-G-02"),
        (TaxTreatment(category="O"), SELLER, BUYER, "BR-O-10"),
        (TaxTreatment(category="O", exemption="x"), replace(SELLER, vat_id="", registration=""), BUYER, "BR-CO-26"),
        (REVERSE, replace(SELLER, vat_id="131305822"), BUYER, "BR-CO-09"),
        (REVERSE, SELLER, replace(BUYER, name=" "), "BR-07"),
        (REVERSE, replace(SELLER, country=""), BUYER, "BR-09"),
    ],
)
def test_a_treatment_asks_for_what_makes_it_valid(tax, seller, buyer, rule):
    answer = draw("RL-1", date(2027, 2, 10), seller, buyer, replace(TERMS, tax=tax), [work()])
    assert answer.invoice is None
    assert rule in {reason.rule_id for reason in answer.obstacles}


def test_out_of_scope_does_not_mix_and_one_category_has_one_reason():
    out = TaxTreatment(category="O", exemption="Not subject to VAT")
    assert "BR-O-11" in {reason.rule_id for reason in drawn([work("a"), work("b", tax=out)]).obstacles}
    other = replace(REVERSE, exemption="Another reason")
    assert "billing.two_exemptions" in {reason.code for reason in drawn([work("a"), work("b", tax=other)]).obstacles}


def test_a_credit_note_takes_back_what_was_billed_at_the_price_it_had():
    invoice = drawn([work("a"), work("b", level=4)]).invoice
    whole = credit(invoice, "CN-1", date(2027, 3, 1), "Cancelled")
    assert (whole.kind, whole.total, whole.credits) == ("credit_note", invoice.total, "RL-1")
    part = credit(invoice, "CN-2", date(2027, 3, 1), "Hours", frozenset({2}))
    assert part.net == invoice.lines[1].net
    with pytest.raises(ValueError, match="no such line"):
        credit(invoice, "CN-3", date(2027, 3, 1), "", frozenset({3}))


TREATMENTS = st.sampled_from([REVERSE, STANDARD, TaxTreatment(category="S", rate=Decimal(7)), TaxTreatment(category="E", exemption="Article 132")])
PRICES = st.decimals(0, 10_000, places=4)
MANY_CARDS = st.lists(st.tuples(st.integers(0, 400), PRICES, PRICES), min_size=1, max_size=4, unique_by=lambda made: made[0]).map(
    lambda made: tuple(
        card(f"C{start}", date(2027, 1, 1) + timedelta(days=start), line("1", first), line("2", second, level=4)) for start, first, second in made
    )
)
WORKS = st.lists(
    st.builds(
        work,
        st.sampled_from([f"w{n}" for n in range(12)]),
        item=st.sampled_from(["i1", "i2", "i3"]),
        level=st.integers(2, 5),
        quantity=st.decimals(-1, 500, places=3),
        on=st.dates(date(2026, 12, 1), date(2028, 6, 1)),
        acceptance=st.sampled_from(["A-1", "A-2", ""]),
        tax=TREATMENTS,
    ),
    max_size=15,
)


@given(MANY_CARDS, WORKS)
def test_lines_sum_to_the_total_to_the_cent(cards, works):
    invoice = drawn(works, replace(TERMS, cards=cards)).invoice
    if invoice is None:
        return
    for one in invoice.lines:
        assert one.net.amount == (one.quantity * one.price).quantize(CENT, ROUND_HALF_UP)
    assert invoice.net.amount == sum(one.net.amount for one in invoice.lines) == sum(part.taxable.amount for part in invoice.taxes)
    assert invoice.total.amount == invoice.net.amount + sum(part.tax.amount for part in invoice.taxes)
    for part in invoice.taxes:
        assert part.taxable.amount == sum(
            one.net.amount for one in invoice.lines if (one.tax.category, one.tax.rate) == (part.treatment.category, part.treatment.rate)
        )
        assert part.tax.amount == (part.taxable.amount * part.treatment.rate / 100).quantize(CENT, ROUND_HALF_UP)


@given(MANY_CARDS, WORKS, st.randoms(use_true_random=False))
def test_the_order_in_which_work_comes_does_not_matter(cards, works, random):
    terms, shuffled = replace(TERMS, cards=cards), list(works)
    random.shuffle(shuffled)
    assert drawn(works, terms) == drawn(shuffled, replace(terms, cards=tuple(reversed(cards))))


@given(MANY_CARDS, WORKS, WORKS)
def test_nothing_is_billed_twice(cards, first, second):
    terms = replace(TERMS, cards=cards)
    earlier = drawn(first, terms).invoice
    billed = frozenset(name for one in (earlier.lines if earlier else ()) for name in one.works)
    later = drawn([*first, *second], terms, billed)
    names = [name for one in (later.invoice.lines if later.invoice else ()) for name in one.works]
    assert len(names) == len(set(names))
    assert not billed & set(names)
    assert len(names) + len(later.refused) == len(first) + len(second)


@given(MANY_CARDS, WORKS, PRICES)
def test_a_raise_leaves_earlier_work_unmoved(cards, works, raised):
    last = max(one.valid_from for one in cards) + timedelta(days=1)
    successor = card("raise", last, line("1", raised), line("2", raised, level=4))
    before = [one for one in works if one.on < last]
    assert drawn(before, replace(TERMS, cards=cards)) == drawn(before, replace(TERMS, cards=(*cards, successor)))
