"""Faults in the form of an eForms notice: empty or missing elements, codes outside their list, fields withheld."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml import etree

from remit.domain.line import Finding
from remit.formats.notices import codes
from remit.formats.notices.eforms_types import TERMS
from remit.formats.notices.xml import Element, find, find_all, name, place, text

REQUIRED = {
    "BT-701 notice identifier": "ID",
    "BT-04 procedure identifier": "ContractFolderID",
    "BT-02 notice type": "NoticeTypeCode",
    "BT-702 language": "NoticeLanguageCode",
    "OPT-300 buyer": "ContractingParty/Party/PartyIdentification/ID",
    "BT-21 title": "ProcurementProject/Name",
    "BT-24 description": "ProcurementProject/Description",
    "BT-262 main classification": "ProcurementProject/MainCommodityClassification/ItemClassificationCode",
}
MOST = 200
"""A file that is wrong throughout needs no longer list."""
PERMISSION = {"allowed", "required", "not-allowed"}
LISTS = {
    "einvoicing": PERMISSION,
    "ecatalog-submission": PERMISSION,
    "esubmission": PERMISSION,
    "permission": PERMISSION,
    "contract-nature": {"works", "supplies", "services", "combined"},
    "framework-agreement": {"fa-mix", "fa-w-rc", "fa-wo-rc", "none"},
    "dps-usage": {"dps-list", "dps-nlist", "none"},
    "award-criterion-type": {"cost", "price", "quality"},
    "winner-selection-status": {"selec-w", "clos-nw", "open-nw"},
    "number-threshold": {"max-pass", "min-score"},
    "number-weight": {"dec-exa", "dec-mid", "ord-imp", "per-exa", "per-mid", "poi-exa", "poi-mid"},
    "eu-funded": {"eu-funds", "no-eu-funds"},
    "reserved-procurement": {"none", "res-pub-ser", "res-ws"},
}
"""The codes of the lists that are read here, by the attribute listName; "unpublished" stands for a withheld one."""
BASIC = ("CommonBasicComponents", "basic-components/1")
AGGREGATE = ("CommonAggregateComponents", "aggregate-components/1")


def faults(root: Element) -> Iterator[Finding]:
    """What is missing altogether, then the first faults in the order of the document."""
    for label, path in REQUIRED.items():
        if not find_all(root, path):
            yield Finding("notice.absent_element", place(root, label.split()[0]), {"field": label})
    yield from islice(_in_order(root), MOST)


def _in_order(root: Element) -> Iterator[Finding]:
    withheld: set[tuple[str, str]] = set()
    for element in root.iter():
        space = etree.QName(element).namespace or "" if isinstance(element.tag, str) else ""
        is_basic, is_aggregate = any(part in space for part in BASIC), any(part in space for part in AGGREGATE)
        if (is_basic or is_aggregate) and len(element) == 0 and not (element.text or "").strip():
            # Contact details may have been blanked before the notice came here, and are not read anyway.
            if name(element) != "Contact" and "Contact" not in {name(parent) for parent in element.iterancestors()}:
                yield Finding("notice.empty_element", place(element, term(element)), {"field": _named(element)})
        elif is_basic:
            yield from _code(element)
        elif name(element) == "FieldsPrivacy":
            key = (text(find(element, "FieldIdentifierCode")), text(find(element, "PublicationDate")))
            if key not in withheld:
                withheld.add(key)
                yield Finding("notice.withheld", place(element, "BT-195"), {"what": key[0], "until": key[1] or "-"})


def _code(element: Element) -> Iterator[Finding]:
    """A code that its list does not hold; a language that is none."""
    said = text(element)
    known = LISTS.get(element.get("listName", ""))
    wrong = known is not None and said not in known and said != "unpublished"
    if wrong or (name(element) == "LanguageID" and not codes.language(said)):
        yield Finding("notice.unknown_code", place(element, term(element)), {"text": said[:60], "field": element.get("listName") or _named(element)})


def _named(element: Element) -> str:
    code = term(element)
    return name(element) if code == name(element) else f"{name(element)} ({code})"


def term(element: Element) -> str:
    """The business term of an element, else its name."""
    if name(element) == "ID" and element.get("schemeName") == "notice-id":
        return "BT-701"
    parent = element.getparent()
    above = name(parent) if parent is not None else ""
    return TERMS.get(f"{above}/{name(element)}") or TERMS.get(name(element)) or name(element)
