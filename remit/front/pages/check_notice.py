"""The answer about a procurement notice: what it says to each question of a brief and where, what it leaves open, and what looks doubtful."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from remit.apps.organizations.views.choices import country_word
from remit.domain.line import Finding, Place
from remit.formats.hostile import RULES as LIMITS
from remit.formats.notices.as_text import LABELS
from remit.formats.notices.brief import QUESTIONS
from remit.formats.notices.brief import answers as answered
from remit.formats.notices.notice import Field, Notice
from remit.formats.notices.rules import RULES
from remit.formats.table.decode import decode
from remit.front.pages import reading
from remit.front.pages.checks import Answer, Check, Row, lines_around, unreadable, words

MOST_DOUBTS = 9
LONGEST = 160
FACTS = ("stage", "published", "deadline", "id")


def notice_answer(name: str, data: bytes) -> Answer:
    """`data` is the notice as it was uploaded; it is read in a process of its own, as if it were hostile."""
    found = reading.apart(reading.notice, data, name)
    if isinstance(found, Finding):
        return unreadable("notice", name, _("It could not be read"), words().finding(found, LIMITS[found.code]))
    notices, findings = found
    text = decode(data)[0] or ""
    if not notices:
        first = findings[0]
        line = first.place.line
        title = _("It cannot be read: look at line %(line)s") % {"line": line} if line else _("It cannot be read as a procurement notice")
        return unreadable("notice", name, title, words().finding(first, RULES[first.code]), excerpt=lines_around(text, [line] if line else []))
    return answer(name, notices, findings)


def answer(name: str, notices: tuple[Notice, ...], findings: tuple[Finding, ...]) -> Answer:
    """About the first notice of a file; how many more there are is said."""
    notice = notices[0]
    given = {question: fields for question, fields in answered(notice).items() if fields}
    asked = [words().text(QUESTIONS[question]) for question in notice.missing]
    more = len(notices) - 1
    says = ngettext("It answers %(count)s question of a brief", "It answers %(count)s questions of a brief", len(given)) % {"count": len(given)}
    says += ngettext("; %(count)s is left to ask.", "; %(count)s are left to ask.", len(asked)) % {"count": len(asked)}
    if more:
        says += " " + ngettext("The file holds %(count)s more notice.", "The file holds %(count)s more notices.", more) % {"count": more}
    return Answer(
        kind="notice",
        name=name,
        holds=True,
        icon="file-search",
        title=_short(notice.title) or _("It is read"),
        says=says,
        read=", ".join(filter(None, (notice.form, notice.edition))),
        caption=_("The notice says"),
        is_text=True,
        rows=(*_facts(notice), *(_answered(question, fields[0]) for question, fields in given.items())),
        checks=_checks(notice, asked, findings),
        limits=(_("Whether the notice is still open, or was corrected since: look at its source."),),
        keeps=True,
    )


def _facts(notice: Notice) -> Iterable[Row]:
    buyer = notice.buyers[0].name if notice.buyers else None
    if buyer:
        yield _row(words().text(LABELS["buyer"]), buyer)
    for name in FACTS:
        field = getattr(notice, name)
        if field is not None:
            yield _row(words().text(LABELS[name]), field)


def _answered(question: str, field: Field) -> Row:
    """A country by its name, a term with its unit."""
    if question == "country":
        field = replace(field, value=country_word(str(field.value)))
    if question == "term" and not isinstance(field.value, date | str):
        field = replace(field, value=_("%(months)s months") % {"months": words().value(field.value)})
    return _row(words().text(QUESTIONS[question]), field)


def _row(label: str, field: Field) -> Row:
    derived = _("derived") if field.certainty == "derived" else ""
    return Row(label, _short(field), field.place.line, ", ".join(filter(None, (field.place.field, derived))))


def _short(field: Field | None) -> str:
    said = " ".join(str(words().value(field.value)).split()) if field else ""
    return said if len(said) <= LONGEST else said[:LONGEST] + "…"


def _checks(notice: Notice, asked: list[str], findings: Iterable[Finding]) -> tuple[Check, ...]:
    shown = [Check(" ".join(words().reason(reason) for reason in notice.hint.reasons) or _("No service is known by its words or codes"), "note")]
    if asked:
        shown.append(Check(_("To be asked: %(questions)s") % {"questions": words().list(asked)}, "note"))
    for doubt in (*notice.suspicions, *findings)[:MOST_DOUBTS]:
        shown.append(Check(words().finding(doubt, RULES[doubt.code]), "warn", _at(doubt.place), doubt.code))
    return tuple(shown)


def _at(place: Place) -> str:
    line = _("line %(line)s") % {"line": place.line} if place.line else ""
    return ", ".join(filter(None, (line, place.field)))
