"""Awards and changes in TED forms of 2014: who was awarded what, or why nothing was; what a corrigendum replaces."""

from __future__ import annotations

from collections.abc import Iterator

from remit.formats.notices import codes
from remit.formats.notices.fields import Pen, decimal
from remit.formats.notices.notice import Award, Field, Supplier
from remit.formats.notices.xml import Element, find, find_all, find_any, name, place, text, verbatim

NOT_AWARDED = {"PROCUREMENT_DISCONTINUED": "discontinued", "PROCUREMENT_UNSUCCESSFUL": "no tenders received, or all rejected"}


def awards(form: Element, pen: Pen) -> Iterator[Award]:
    """One for each AWARD_CONTRACT (contests: RESULTS/AWARDED_PRIZE), with its own values."""
    for element in find_all(form, "AWARD_CONTRACT"):
        won, none = find(element, "AWARDED_CONTRACT"), find(element, "NO_AWARDED_CONTRACT")
        yield Award(
            id=text(find(element, "CONTRACT_NO")),
            lot=", ".join(text(e) for e in find_all(element, "LOT_NO")),
            title=_said(find(element, "TITLE"), pen, "V"),
            suppliers=tuple(_suppliers(won, pen)),
            value=_value(won, pen, "VAL_TOTAL", "VAL_RANGE_TOTAL"),
            estimated=_value(won, pen, "VAL_ESTIMATED_TOTAL"),
            tenders=count(find_any(won, "TENDERS/NB_TENDERS_RECEIVED", "NB_TENDERS_RECEIVED"), "V.2.2"),
            signed_on=_day(find_any(won, "DATE_CONCLUSION_CONTRACT"), pen),
            subcontracted=_subcontracted(won),
            status=_status(none),
        )
    for prize in find_all(form, "RESULTS/AWARDED_PRIZE"):
        winners = (_said(find(a, "OFFICIALNAME"), pen, "V.3.3") for a in find_all(prize, "WINNERS/WINNER/ADDRESS_WINNER", "WINNER/ADDRESS_WINNER"))
        yield Award(suppliers=tuple(Supplier(name=w) for w in winners if w), value=_value(prize, pen, "VAL_PRIZE"))


def changes(form: Element, pen: Pen) -> Iterator[Field]:
    """What a corrigendum (F14) replaces by what, and what a modification (F20) says."""
    for change in find_all(form, "CHANGES/CHANGE"):
        where = " ".join(text(e) for e in find_all(change, "WHERE/*") if text(e))
        old, new = (_joined(find(change, side)) for side in ("OLD_VALUE", "NEW_VALUE"))
        if found := pen.text(f"{where}: {old} → {new}".strip(": "), place(change, "VII.1.2"), verbatim(change).strip()):
            yield found
    for path in ("CHANGES/INFO_ADD", "CHANGES/INFO_CHANGE", "MODIFICATIONS_CONTRACT/INFO_MODIFICATIONS/SHORT_DESCR"):
        for element in find_all(form, path):
            if found := _said(element, pen, "VII.2.1"):
                yield found


def _joined(side: Element | None) -> str:
    if side is None:
        return "-"
    parts = (" ".join(filter(None, (text(e), *(str(v) for v in e.attrib.values())))) if len(e) == 0 or text(e) else _joined(e) for e in side)
    return " ".join(part for part in parts if part) or text(side) or "-"


def _said(element: Element | None, pen: Pen, section: str) -> Field | None:
    return pen.text(text(element), place(element, section), verbatim(element).strip()) if element is not None else None


def _day(element: Element | None, pen: Pen) -> Field | None:
    return pen.day(text(element), place(element, "V.2.1")) if element is not None else None


def _suppliers(won: Element | None, pen: Pen) -> Iterator[Supplier]:
    for address in find_all(won, "CONTRACTORS/CONTRACTOR/ADDRESS_CONTRACTOR", "CONTRACTOR/ADDRESS_CONTRACTOR"):
        country = find(address, "COUNTRY")
        if found := _said(find(address, "OFFICIALNAME"), pen, "V.2.3"):
            at = country.get("VALUE", "") if country is not None else ""
            yield Supplier(name=found, country=pen.coded(at, place(country, "V.2.3", "VALUE"), codes.country, "country") if country is not None else None)


def _value(won: Element | None, pen: Pen, *names: str) -> Field | None:
    """The editions wrap it in VALUES, in VALUE, or in nothing; of a range the upper end."""
    element = find_any(won, *(f"{wrap}{label}" for label in names for wrap in ("VALUES/", "VALUE/", "")))
    if element is None:
        return None
    amount = find(element, "HIGH")
    amount = amount if amount is not None else element
    return pen.money(text(amount), element.get("CURRENCY", ""), place(amount, "V.2.4"))


def count(element: Element | None, section: str) -> Field | None:
    """A whole number that stands in an element."""
    number = decimal(text(element)) if element is not None else None
    return Field(number, place(element, section), text(element)) if element is not None and number is not None else None


def _subcontracted(won: Element | None) -> Field | None:
    if (element := find(won, "LIKELY_SUBCONTRACTED")) is None:
        return None
    share = find_any(won, "PCT_SUBCONTRACTING", "VAL_SUBCONTRACTING")
    said = f"{text(share)} %" if share is not None and name(share) == "PCT_SUBCONTRACTING" else "likely"
    return Field(said, place(element, "V.2.5"), text(share) or name(element))


def _status(none: Element | None) -> Field | None:
    if none is None:
        return None
    reason = next((child for child in none if name(child) in NOT_AWARDED), none)
    return Field(f"not awarded: {NOT_AWARDED.get(name(reason), 'no reason given')}", place(reason, "V.1"), name(reason))
