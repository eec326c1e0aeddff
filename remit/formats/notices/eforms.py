"""eForms: UBL prior information, contract and contract award notices with the extensions of the EU."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from remit.domain.line import Finding
from remit.formats.notices import codes, eforms_faults, eforms_results, eforms_types, rules
from remit.formats.notices.eforms_lots import Reader, scope_of_lot
from remit.formats.notices.fields import Pen
from remit.formats.notices.notice import Buyer, Criterion, Field, Lot, Notice, NoticeFile
from remit.formats.notices.xml import Element, find, find_all, name, place, text

FORM = "eForms"
ROOTS = {"ContractNotice", "ContractAwardNotice", "PriorInformationNotice", "BusinessRegistrationInformationNotice"}
EXTENSION = "UBLExtensions/UBLExtension/ExtensionContent/EformsExtension"


def read(root: Element, name_: str) -> tuple[NoticeFile | None, tuple[Finding, ...]]:
    """The one notice of the document."""
    extension = find(root, EXTENSION)
    subtype = text(find(extension, "NoticeSubType/SubTypeCode"))
    if name(root) == "BusinessRegistrationInformationNotice" or subtype in eforms_types.BUSINESS:
        return None, (Finding("notice.unknown_form", place(root), {"root": f"{name(root)} {subtype}".strip()}),)
    pen = Pen()
    reader = Reader(pen, text(find(root, "NoticeLanguageCode")), _organizations(extension))
    notice = _notice(root, extension, subtype, reader)
    return NoticeFile(name_, FORM, (replace(notice, suspicions=(*pen.findings, *_doubts(notice, root, extension, subtype))),)), ()


def _organizations(extension: Element | None) -> dict[str, Element]:
    """Company, or touch point, by its id."""
    found: dict[str, Element] = {}
    for organization in find_all(extension, "Organizations/Organization"):
        for part in find_all(organization, "Company", "TouchPoint"):
            for identity in find_all(part, "PartyIdentification/ID"):
                if text(identity):
                    found.setdefault(text(identity), part)
    return found


def _notice(root: Element, extension: Element | None, subtype: str, reader: Reader) -> Notice:
    whole, process = find(root, "ProcurementProject"), find(root, "TenderingProcess")
    buyers = tuple(_buyers(root, reader))
    country = next((b.country.value for b in buyers if b.country), "")
    region = next((b.region.value for b in buyers if b.region), "")
    parts = [part for part in find_all(root, "ProcurementProjectLot") if find(part, "ID") is None or not text(find(part, "ID")).startswith("GLO-")]
    scopes = [scope_of_lot(part, reader, codes.zone(country, region)) for part in parts]
    lots = tuple(lot for lot, _ in scopes)
    awards = tuple(eforms_results.awards(root, extension, reader))
    value, kind = _value(root, extension, whole, lots, reader)
    main, additional = reader.cpvs(whole)
    single = lots[0] if len(lots) == 1 else None
    return Notice(
        form=FORM,
        edition=text(find(root, "CustomizationID")) or "UBL",
        kind=_kind(root, subtype),
        stage=_stage(root, extension, subtype),
        id=reader.text(find(root, "ID"), "BT-701"),
        ocid=reader.text(find(root, "ContractFolderID"), "BT-04"),
        reference=reader.text(find(whole, "ID"), "BT-22") or (reader.text(find(extension, "Publication/NoticePublicationID"), "OPP-010")),
        published=_published(root, extension, reader),
        language=reader.coded(find(root, "NoticeLanguageCode"), codes.language, "BT-702"),
        title=reader.best(find_all(whole, "Name"), "BT-21"),
        description=reader.best(find_all(whole, "Description"), "BT-24"),
        more=tuple(f for f in (reader.best(find_all(whole, "Note"), "BT-300"), reader.best(find_all(process, "Description"), "BT-88")) if f),
        buyers=buyers,
        nature=reader.nature(find(whole, "ProcurementTypeCode")),
        procedure=_procedure(process),
        cpv=main,
        cpv_additional=additional,
        places=tuple(reader.places(whole)),
        lots=lots,
        value=value,
        value_kind=kind,
        vat=Field("excluded", value.place, value.verbatim, "derived", rules.FROM_FORM_VAT()) if value else None,
        **({key: getattr(single, key) for key in ("start", "end", "duration", "options", "renewals")} if single else {}),
        **_gathered([more for _, more in scopes]),
        awards=awards,
        related=tuple(_related(root, extension, reader)),
        changes=tuple(eforms_results.changes(root, extension, reader)),
        concession=_concession(root, subtype),
    )


def _related(root: Element, extension: Element | None, reader: Reader) -> Iterator[Field]:
    for holder, path, field in (
        (root, "TenderingProcess/NoticeDocumentReference/ID", "BT-125"),
        (extension, "Changes/ChangedNoticeIdentifier", "BT-758"),
        (extension, "ContractModification/ChangedNoticeIdentifier", "BT-1501"),
    ):
        for element in find_all(holder, path):
            if found := reader.text(element, field):
                yield found


def _kind(root: Element, subtype: str) -> Field:
    element = find(root, "NoticeTypeCode")
    said = text(element)
    where = place(element, "BT-02") if element is not None else place(root)
    return Field(" ".join(filter(None, (subtype, said))) or name(root), where, said or name(root))


def _stage(root: Element, extension: Element | None, subtype: str) -> Field:
    """A change or cancellation counts first, then the subtype, the list of the type code, the root."""
    reasons = [text(e) for e in find_all(extension, "Changes/ChangeReason/ReasonCode")]
    at = find(extension, "NoticeSubType/SubTypeCode")
    where = place(at, "OPP-070") if at is not None else place(root)
    if (changes := find(extension, "Changes")) is not None:
        cancelled = any("cancel" in reason for reason in reasons)
        return Field("cancelled" if cancelled else "change", place(changes, "BT-758"), ", ".join(reasons), "derived", rules.FROM_CONTENT(part="Changes"))
    code = find(root, "NoticeTypeCode")
    by_list = eforms_types.BY_LIST.get(code.get("listName", "") if code is not None else "", "")
    by_root = {"PriorInformationNotice": "planning", "ContractNotice": "tender", "ContractAwardNotice": "award"}[name(root)]
    found = eforms_types.SUBTYPES.get(subtype) or by_list or by_root
    return Field(found, where, subtype or name(root), "derived", rules.FROM_FORM(form=subtype or name(root)))


def _published(root: Element, extension: Element | None, reader: Reader) -> Field | None:
    """The day of publication; before it, when it was sent."""
    if (printed := find(extension, "Publication/PublicationDate")) is not None:
        return reader.pen.day(text(printed), place(printed, "OPP-012"))
    on = find(root, "IssueDate")
    return reader.pen.day(text(on), place(on, "BT-05")) if on is not None else None


def _buyers(root: Element, reader: Reader) -> Iterator[Buyer]:
    for party in find_all(root, "ContractingParty/Party"):
        identity = find(party, "PartyIdentification/ID")
        company = reader.organization(identity) if identity is not None else None
        chosen = company if company is not None else party if find(party, "PartyName") is not None else None
        if chosen is not None:
            yield reader.buyer(chosen)


def _procedure(process: Element | None) -> Field | None:
    element = find(process, "ProcedureCode")
    if element is None or not text(element):
        return None
    return Field(eforms_types.PROCEDURES.get(text(element), text(element)), place(element, "BT-105"), text(element))


def _value(root: Element, extension: Element | None, whole: Element | None, lots: tuple[Lot, ...], reader: Reader) -> tuple[Field | None, str]:
    """The result's total; the framework's maximum; the estimate; the only lot's value."""
    result = find(extension, "NoticeResult")
    for holder, path, field, kind in (
        (result, "TotalAmount", "BT-161", "awarded"),
        (result, "OverallMaximumFrameworkContractsAmount", "BT-118", "framework maximum"),
        (result, "OverallApproximateFrameworkContractsAmount", "BT-1118", "framework estimate"),
        (result, "EstimatedOverallFrameworkContractsAmount", "BT-118", "framework estimate"),
        (whole, "RequestedTenderTotal/EstimatedOverallContractAmount", "BT-27", "estimated"),
        (whole, "RequestedTenderTotal/UBLExtensions/UBLExtension/ExtensionContent/EformsExtension/FrameworkMaximumAmount", "BT-271", "framework maximum"),
        (find(root, "TenderResult"), "AwardedTenderedProject/LegalMonetaryTotal/PayableAmount", "BT-161", "awarded"),
    ):
        if found := reader.money(find(holder, path), field):
            return found, kind
    if len(lots) == 1 and (only := lots[0].value):
        return Field(only.value, only.place, only.verbatim, "derived", rules.FROM_LOT()), "estimated"
    return None, ""


def _gathered(scopes: list[dict[str, Any]]) -> dict[str, Any]:
    """What the lots say that holds for the notice: once each, the earliest deadline."""
    languages: dict[str, Field] = {}
    said: dict[str, Field] = {}
    for scope in scopes:
        for language in scope["languages"]:
            languages.setdefault(language.value, language)
        for technique in scope["techniques"]:
            said.setdefault(technique.value, technique)
    urls: dict[str, Any] = {}
    for document in (document for scope in scopes for document in scope["documents"]):
        urls.setdefault(document.url.value if document.url else str(document), document)
    criteria: list[Criterion] = [criterion for scope in scopes for criterion in scope["criteria"]]
    if len(scopes) == 1:
        criteria = [replace(criterion, lot="") for criterion in criteria]
    requirements: dict[tuple[str, str], tuple[str, Field]] = {}
    for topic, field in (pair for scope in scopes for pair in scope["requirements"]):
        requirements.setdefault((topic, field.value), (topic, field))
    deadlines = [scope["deadline"] for scope in scopes if scope["deadline"]]
    return {
        "languages": tuple(languages.values()),
        "techniques": tuple(said.values()),
        "documents": tuple(urls.values()),
        "criteria": tuple(criteria),
        "requirements": tuple(requirements.values()),
        "confidentiality": tuple(field for scope in scopes for field in scope["confidentiality"]),
        "deadline": min(deadlines, key=lambda field: field.verbatim) if deadlines else None,
    }


def _concession(root: Element, subtype: str) -> Field | None:
    basis = find(root, "RegulatoryDomain")
    if basis is not None and text(basis) == eforms_types.CONCESSION_DIRECTIVE:
        return Field("concession", place(basis, "BT-01"), text(basis))
    if subtype in eforms_types.CONCESSIONS:
        return Field("concession", place(root), subtype, "derived", rules.FROM_FORM(form=subtype))
    return None


def _doubts(notice: Notice, root: Element, extension: Element | None, subtype: str) -> Iterator[Finding]:
    at = notice.stage.place
    if subtype and subtype not in eforms_types.SUBTYPES:
        yield Finding("notice.unknown_subtype", at, {"subtype": subtype[:20]})
    if subtype in eforms_types.INTENDED:
        yield Finding("notice.intended_award", at)
    if subtype in eforms_types.PROFILES:
        yield Finding("notice.buyer_profile", at)
    if subtype in eforms_types.QUALIFICATIONS:
        yield Finding("notice.qualification", at)
    if extension is not None:
        yield from eforms_faults.faults(root)
    statuses = [award.status for award in notice.awards]
    if statuses and all(status and status.value.startswith("not awarded") for status in statuses) and statuses[0]:
        yield Finding("notice.cancelled", statuses[0].place, {"why": statuses[0].value})
