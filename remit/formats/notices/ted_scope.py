"""What a TED form of 2014 says of scope: codes, lots, value, time, procedure, deadline, criteria, conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from remit.formats.notices import codes, rules, ted_forms
from remit.formats.notices.fields import Pen, months_between
from remit.formats.notices.notice import Cpv, Criterion, Document, Field, Lot
from remit.formats.notices.xml import Element, find, find_all, find_any, name, place, text, verbatim

REQUIREMENTS = {
    "LEFTI/SUITABILITY": "qualification", "LEFTI/TECHNICAL_PROFESSIONAL_INFO": "qualification", "LEFTI/TECHNICAL_PROFESSIONAL_MIN_LEVEL": "qualification",
    "LEFTI/ECONOMIC_FINANCIAL_INFO": "turnover", "LEFTI/ECONOMIC_FINANCIAL_MIN_LEVEL": "turnover", "LEFTI/REFERENCE_TO_LAW": "qualification",
    "LEFTI/PARTICULAR_PROFESSION": "qualification", "LEFTI/QUALIFICATION/CONDITIONS": "qualification", "LEFTI/PERFORMANCE_CONDITIONS": "conditions",
    "LEFTI/RULES_CRITERIA": "qualification", "LEFTI/CRITERIA_SELECTION": "qualification",
}  # fmt: skip
DIRECTIVES = ("DIRECTIVE_2014_24_EU", "DIRECTIVE_2014_25_EU", "DIRECTIVE_2014_23_EU", "DIRECTIVE_2009_81_EC")


def read(form: Element, objects: list[Element], zone: str, pen: Pen) -> dict[str, Any]:
    """The fields of a notice by their names; F20 brings its modified scope, which counts as the present one."""
    whole = objects[0] if objects else None
    parts = [part for one in objects for part in find_all(one, "OBJECT_DESCR")]
    modified = find(form, "MODIFICATIONS_CONTRACT/DESCRIPTION_PROCUREMENT")
    lots = tuple(_lots(objects, pen))
    single = lots[0] if len(parts) == 1 and lots else None
    value, kind = _value(form, whole, single, pen)
    dates = _period(modified, pen) if modified is not None else _from_single(single)
    main, additional = _cpv(modified if modified is not None else whole, parts, objects, pen)
    return {
        "cpv": main,
        "cpv_additional": additional,
        "places": tuple(_places(parts, pen)),
        "lots": lots if len(parts) > 1 or find(whole, "LOT_DIVISION") is not None or any(lot.title for lot in lots) else (),
        "value": value,
        "value_kind": kind,
        "vat": Field("excluded", value.place, value.verbatim, "derived", rules.FROM_FORM_VAT()) if value else None,
        **dates,
        "options": single.options if single else (),
        "renewals": single.renewals if single else (),
        "procedure": _procedure(form, pen),
        "techniques": tuple(_techniques(form)),
        "languages": tuple(_languages(form, pen)),
        "deadline": _deadline(form, zone, pen),
        "criteria": tuple(_criteria(parts, pen)),
        "requirements": tuple(_requirements(form, parts, pen)),
        "documents": tuple(_documents(form, pen)),
        # F07, F08, F12 and F20 have no other description; elsewhere it stands beside the short one.
        "only_description": single.description if single else None,
    }


def _said(element: Element | None, pen: Pen, section: str = "") -> Field | None:
    return pen.text(text(element), place(element, section), verbatim(element).strip()) if element is not None else None


def _code(holder: Element | None, pen: Pen) -> Cpv | None:
    code = find(holder, "CPV_CODE")
    return pen.cpv(code.get("CODE", ""), place(code, "II.1.2", "CODE")) if code is not None else None


def _cpv(whole: Element | None, parts: list[Element], objects: list[Element], pen: Pen) -> tuple[Cpv | None, tuple[Cpv, ...]]:
    main = _code(find(whole, "CPV_MAIN"), pen)
    others: dict[str, Cpv] = {}
    of_objects = (e for one in objects[1:] for e in find_all(one, "CPV_MAIN"))
    of_lots = (e for part in parts for e in find_all(part, "CPV_ADDITIONAL"))
    for holder in (*find_all(whole, "CPV_ADDITIONAL"), *of_objects, *of_lots):
        if (found := _code(holder, pen)) and (main is None or found.code.value != main.code.value):
            others.setdefault(found.code.value, found)
    return main, tuple(others.values())


def _lots(objects: list[Element], pen: Pen) -> Iterator[Lot]:
    for one in objects:
        for part in find_all(one, "OBJECT_DESCR"):
            number = text(find(part, "LOT_NO")) or part.get("ITEM", "1")
            title = _said(find(part, "TITLE"), pen, "II.2.1") or (_said(find(one, "TITLE"), pen, "II.1.1") if len(objects) > 1 else None)
            value = _amount(find_any(part, "VAL_OBJECT", "VAL_ESTIMATED_TOTAL"), pen, "II.2.6")
            yield Lot(
                id=number if len(objects) == 1 else f"{one.get('ITEM', '')}.{number}".strip("."),
                title=title,
                description=_said(find(part, "SHORT_DESCR"), pen, "II.2.4"),
                cpv=tuple(c for e in find_all(part, "CPV_ADDITIONAL") if (c := _code(e, pen))),
                value=value,
                options=tuple(f for e in find_all(part, "OPTIONS_DESCR") if (f := _said(e, pen, "II.2.11"))),
                renewals=tuple(f for e in find_all(part, "RENEWAL_DESCR") if (f := _said(e, pen, "II.2.7"))),
                **_period(part, pen),
            )


def _period(part: Element | None, pen: Pen) -> dict[str, Field | None]:
    start, end, duration = find(part, "DATE_START"), find(part, "DATE_END"), find(part, "DURATION")
    first = pen.day(text(start), place(start, "II.2.7")) if start is not None else None
    last = pen.day(text(end), place(end, "II.2.7")) if end is not None else None
    months = pen.duration(text(duration), duration.get("TYPE", ""), place(duration, "II.2.7")) if duration is not None else None
    if months is None and first and last and first.value <= last.value:
        months = Field(months_between(first.value, last.value), last.place, f"{first.verbatim} to {last.verbatim}", "derived", rules.FROM_DATES())
    return {"start": first, "end": last, "duration": months}


def _from_single(single: Lot | None) -> dict[str, Field | None]:
    return {"start": single.start, "end": single.end, "duration": single.duration} if single else {"start": None, "end": None, "duration": None}


def _amount(element: Element | None, pen: Pen, section: str) -> Field | None:
    """A value; of a range the upper end, said as a range."""
    if element is None:
        return None
    if element.get("PUBLICATION") == "NO":
        pen.doubt("value.not_public", place(element, section))
    high, low = find(element, "HIGH"), find(element, "LOW")
    if high is not None:
        found = pen.money(text(high), element.get("CURRENCY", ""), place(high, section))
        if found and low is not None:
            pen.doubt("value.range", found.place, low=text(low), high=found.value)
        return found
    return pen.money(text(element), element.get("CURRENCY", ""), place(element, section))


def _value(form: Element, whole: Element | None, single: Lot | None, pen: Pen) -> tuple[Field | None, str]:
    """What F20 says after the change; the final total; the estimate; the only lot's value; a concession award's."""
    after = find_any(form, "MODIFICATIONS_CONTRACT/INFO_MODIFICATIONS/VALUES/VAL_TOTAL_AFTER", "MODIFICATIONS_CONTRACT/INFO_MODIFICATIONS/VAL_TOTAL_AFTER")
    for element, kind in (
        (after, "awarded"),
        (find(whole, "VAL_TOTAL"), "awarded"),
        (find(whole, "VAL_RANGE_TOTAL"), "awarded"),
        (find(whole, "VAL_ESTIMATED_TOTAL"), "estimated"),
        (find(whole, "VALUE/VAL_TOTAL"), "awarded"),
        (find(whole, "VALUE/VAL_ESTIMATED_TOTAL"), "estimated"),
    ):
        if found := _amount(element, pen, "VII.2.3" if element is after else "II.1.5" if kind == "estimated" else "II.1.7"):
            return found, kind
    if single and single.value:
        return Field(single.value.value, single.value.place, single.value.verbatim, "derived", rules.FROM_LOT()), "estimated"
    awards = find_all(form, "AWARD_CONTRACT/AWARDED_CONTRACT")
    only = find_any(awards[0], "VALUES/VAL_TOTAL", "VAL_TOTAL", "VALUE/VAL_TOTAL") if len(awards) == 1 else None
    if found := _amount(only, pen, "V.2.4"):
        return Field(found.value, found.place, found.verbatim, "derived", rules.FROM_AWARD()), "awarded"
    return None, ""


def _places(parts: list[Element], pen: Pen) -> Iterator[Field]:
    seen: set[str] = set()
    for part in parts:
        for element in find_all(part, "NUTS"):
            if (code := element.get("CODE", "")) and code not in seen:
                seen.add(code)
                yield Field(code, place(element, "II.2.3", "CODE"), code)
        site = _said(find(part, "MAIN_SITE"), pen, "II.2.3")
        if site and site.value not in seen:
            seen.add(site.value)
            yield site


def _procedure(form: Element, pen: Pen) -> Field | None:
    holders = [find(form, "PROCEDURE"), *(find(form, f"PROCEDURE/{directive}") for directive in DIRECTIVES)]
    for holder in holders:
        for element in holder if holder is not None else ():
            if says := ted_forms.procedure(name(element)):
                return Field(says, place(element, "IV.1.1"), name(element))
    return None


def _techniques(form: Element) -> Iterator[Field]:
    for path, says in (("FRAMEWORK", "framework"), ("DPS", "dynamic purchasing system"), ("EAUCTION_USED", "electronic auction")):
        if (element := find(form, f"PROCEDURE/{path}")) is not None:
            yield Field(says, place(element, "IV.1.3"), name(element))


def _languages(form: Element, pen: Pen) -> Iterator[Field]:
    for element in find_all(form, "PROCEDURE/LANGUAGES/LANGUAGE"):
        if found := pen.coded(element.get("VALUE", ""), place(element, "IV.2.4", "VALUE"), codes.language, "LANGUAGE"):
            yield found


def _deadline(form: Element, zone: str, pen: Pen) -> Field | None:
    on, at = find(form, "PROCEDURE/DATE_RECEIPT_TENDERS"), find(form, "PROCEDURE/TIME_RECEIPT_TENDERS")
    return pen.deadline(text(on), text(at), place(on, "IV.2.2"), zone) if on is not None else None


def _criteria(parts: list[Element], pen: Pen) -> Iterator[Criterion]:
    """AC_QUALITY, AC_COST and AC_PRICE with what stands in them; where only the documents name them, that."""
    for part in parts:
        lot = text(find(part, "LOT_NO")) or part.get("ITEM", "")
        holders = [part, *find_all(part, "AC", *DIRECTIVES, *(f"{directive}/AC" for directive in DIRECTIVES))]
        for element in (child for holder in holders for child in holder):
            label = name(element)
            if label in {"AC_QUALITY", "AC_COST", "AC_PRICE", "AC_CRITERION", "AC_PROCUREMENT_DOC"}:
                kind = {"AC_CRITERION": "unspecified", "AC_PROCUREMENT_DOC": "procurement documents"}.get(label, label.removeprefix("AC_").lower())
                named = element if label == "AC_CRITERION" else find(element, "AC_CRITERION")
                yield Criterion(
                    kind=Field(kind, place(element, "II.2.5"), label),
                    name=_said(named, pen, "II.2.5"),
                    weight=_said(find(element, "AC_WEIGHTING"), pen, "II.2.5"),
                    lot=lot if len(parts) > 1 else "",
                )


def _requirements(form: Element, parts: list[Element], pen: Pen) -> Iterator[tuple[str, Field]]:
    for path, topic in REQUIREMENTS.items():
        for element in find_all(form, path):
            if found := _said(element, pen, f"III {name(element)}"):
                yield topic, found
    for part in parts:
        if found := _said(find(part, "INFO_ADD"), pen, "II.2.14"):
            yield "information", found


def _documents(form: Element, pen: Pen) -> Iterator[Document]:
    body = find(form, "CONTRACTING_BODY")
    for path, kind in (("URL_DOCUMENT", "procurement documents"), ("URL_PARTICIPATION", "submission"), ("URL_TOOL", "tool")):
        for element in find_all(body, path):
            if url := _said(element, pen, "I.3"):
                yield Document(kind=Field(kind, url.place, name(element)), url=url)
