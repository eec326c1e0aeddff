"""Lots of eForms, and the reader of fields that the other parts share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from remit.formats.notices import codes, rules
from remit.formats.notices.fields import Pen, months_between
from remit.formats.notices.notice import Buyer, Cpv, Criterion, Document, Field, Lot
from remit.formats.notices.xml import Element, find, find_all, find_any, place, text, verbatim

EXTENSION = "UBLExtensions/UBLExtension/ExtensionContent/EformsExtension"
PLACES = {"Address/CountrySubentityCode": "BT-5071", "Address/Region": "BT-727", "Address/CityName": "BT-5131", "Description": "BT-728"}
CRITERIA = {"tp-abil": "qualification", "sui-act": "qualification", "ef-stand": "turnover"}
TECHNIQUES = {"framework-agreement": "framework", "dps-usage": "dynamic purchasing system"}
WEIGHTS = {"per-exa": "%", "dec-exa": "", "poi-exa": "points", "per-mid": "%", "dec-mid": "", "poi-mid": "points", "ord-imp": "(order of importance)"}


@dataclass
class Reader:
    """Reads fields of one document: texts in English, else in its own language, else the first."""

    pen: Pen
    language: str
    organizations: dict[str, Element]

    def text(self, element: Element | None, field: str) -> Field | None:
        """The text of one element."""
        return self.pen.text(text(element), place(element, field), verbatim(element).strip()) if element is not None else None

    def best(self, elements: list[Element], field: str) -> Field | None:
        """Of one text in several languages, the best."""
        order = {"ENG": 0, self.language.upper(): 1}
        filled = [element for element in elements if text(element)]
        return self.text(min(filled, key=lambda e: order.get(e.get("languageID", "").upper(), 2)), field) if filled else None

    def coded(self, element: Element | None, read: Callable[[str], str], field: str) -> Field | None:
        """A country or language."""
        return self.pen.coded(text(element), place(element, field), read, field) if element is not None else None

    def money(self, element: Element | None, field: str) -> Field | None:
        """An amount with its attribute currencyID."""
        return self.pen.money(text(element), element.get("currencyID", ""), place(element, field)) if element is not None else None

    def nature(self, element: Element | None) -> Field | None:
        """Works, supplies or services."""
        said = text(element)
        if element is None or said not in {"works", "supplies", "services", "combined"}:
            return None
        return Field(said, place(element, "BT-23"), said)

    def cpvs(self, project: Element | None) -> tuple[Cpv | None, tuple[Cpv, ...]]:
        """The main code of a project and its others."""
        main = find(project, "MainCommodityClassification/ItemClassificationCode")
        first = self._cpv(main, "BT-262") if main is not None else None
        others = (self._cpv(e, "BT-263") for e in find_all(project, "AdditionalCommodityClassification/ItemClassificationCode"))
        return first, tuple(other for other in others if other)

    def _cpv(self, element: Element, field: str) -> Cpv | None:
        label = self.pen.text(element.get("name", ""), place(element, field, "name")) if element.get("name") else None
        return self.pen.cpv(text(element), place(element, field), label)

    def organization(self, identity: Element) -> Element | None:
        """The company with that id; an id that leads nowhere is a finding."""
        found = self.organizations.get(text(identity))
        if found is None and text(identity) and self.organizations:
            self.pen.doubt("notice.unknown_party", place(identity, "OPT-300"), party=text(identity)[:60])
        return found

    def buyer(self, company: Element) -> Buyer:
        """Name, country, city and region; contact details are left alone."""
        address = find_any(company, "PostalAddress", "PhysicalLocation/Address")
        return Buyer(
            name=self.best(find_all(company, "PartyName/Name"), "BT-500"),
            country=self.coded(find(address, "Country/IdentificationCode"), codes.country, "BT-514"),
            city=self.text(find(address, "CityName"), "BT-513"),
            region=self.text(find(address, "CountrySubentityCode"), "BT-507"),
        )

    def places(self, project: Element | None) -> Iterator[Field]:
        """Where the work is done: region code, city, anywhere, or a description."""
        for location in find_all(project, "RealizedLocation"):
            for path, field in PLACES.items():
                if found := self.text(find(location, path), field):
                    yield found
            if found := self.coded(find(location, "Address/Country/IdentificationCode"), codes.country, "BT-5141"):
                yield found

    def period(self, period: Element | None) -> dict[str, Field | None]:
        """Start, end and months of a planned period."""
        start, end, measure = find(period, "StartDate"), find(period, "EndDate"), find(period, "DurationMeasure")
        first = self.pen.day(text(start), place(start, "BT-536")) if start is not None else None
        last = self.pen.day(text(end), place(end, "BT-537")) if end is not None else None
        months = self.pen.duration(text(measure), measure.get("unitCode", ""), place(measure, "BT-36")) if measure is not None else None
        if months is None and first and last and first.value <= last.value:
            months = Field(months_between(first.value, last.value), last.place, f"{first.verbatim} to {last.verbatim}", "derived", rules.FROM_DATES())
        return {"start": first, "end": last, "duration": months}


def scope_of_lot(part: Element, reader: Reader, zone: str) -> tuple[Lot, dict[str, Any]]:
    """The lot, and what it says of the procedure: techniques, languages, deadline, criteria, documents, conditions."""
    project, terms, process = find(part, "ProcurementProject"), find(part, "TenderingTerms"), find(part, "TenderingProcess")
    number = text(find(part, "ID"))
    main, others = reader.cpvs(project)
    extension = find(project, "ContractExtension")
    options = reader.best(find_all(extension, "OptionsDescription"), "BT-54")
    renewal = reader.best(find_all(extension, "Renewal/Period/Description"), "BT-57") or reader.text(find(extension, "MaximumNumberNumeric"), "BT-58")
    lot = Lot(
        id=number,
        title=reader.best(find_all(project, "Name"), "BT-21"),
        description=reader.best(find_all(project, "Description"), "BT-24"),
        cpv=tuple(code for code in (main, *others) if code),
        value=reader.money(find(project, "RequestedTenderTotal/EstimatedOverallContractAmount"), "BT-27"),
        options=(options,) if options else (),
        renewals=(renewal,) if renewal and renewal.value != "0" else (),
        **reader.period(find(project, "PlannedPeriod")),
    )
    return lot, {
        "techniques": tuple(_techniques(process)),
        "languages": tuple(f for e in find_all(terms, "Language/ID") if (f := reader.coded(e, codes.language, "BT-97"))),
        "deadline": _deadline(process, reader, zone),
        "criteria": tuple(_criteria(terms, number, reader)),
        "documents": tuple(_documents(terms, reader)),
        "requirements": tuple(_requirements(terms, reader)),
        "confidentiality": tuple(_confidentiality(terms, reader)),
    }


def _techniques(process: Element | None) -> Iterator[Field]:
    for element in find_all(process, "ContractingSystem/ContractingSystemTypeCode"):
        says = TECHNIQUES.get(element.get("listName", ""))
        if says and text(element) not in {"", "none"}:
            yield Field(says, place(element, "BT-765" if says == "framework" else "BT-766"), text(element))
    if text(auction := find(process, "AuctionTerms/AuctionConstraintIndicator")) == "true" and auction is not None:
        yield Field("electronic auction", place(auction, "BT-767"), "true")


def _deadline(process: Element | None, reader: Reader, zone: str) -> Field | None:
    """For tenders, else for requests to participate, else for expressions of interest."""
    for path, field in (
        ("TenderSubmissionDeadlinePeriod", "BT-131"),
        ("ParticipationRequestReceptionPeriod", "BT-1311"),
        (f"{EXTENSION}/InterestExpressionReceptionPeriod", "BT-630"),
    ):
        period = find(process, path)
        if (on := find(period, "EndDate")) is not None:
            return reader.pen.deadline(text(on), text(find(period, "EndTime")), place(on, field), zone)
    return None


def _criteria(terms: Element | None, lot: str, reader: Reader) -> Iterator[Criterion]:
    for element in find_all(terms, "AwardingTerms/AwardingCriterion/SubordinateAwardingCriterion"):
        code = find(element, "AwardingCriterionTypeCode")
        kind = Field(text(code) or "unspecified", place(code if code is not None else element, "BT-539"), text(code))
        named = reader.best(find_all(element, "Name"), "BT-734") or reader.best(find_all(element, "Description"), "BT-540")
        yield Criterion(kind=kind, name=named, weight=_weight(element, reader), lot=lot)


def _weight(element: Element, reader: Reader) -> Field | None:
    """The number as published; its unit (a code beside it) stands in the value."""
    for parameter in find_all(element, f"{EXTENSION}/AwardCriterionParameter"):
        number, code = find(parameter, "ParameterNumeric"), text(find(parameter, "ParameterCode"))
        if number is not None and code in WEIGHTS and text(number):
            return Field(f"{text(number)} {WEIGHTS[code]}".strip(), place(number, "BT-541"), text(number))
    return reader.text(find(element, "WeightNumeric"), "BT-541")


def _documents(terms: Element | None, reader: Reader) -> Iterator[Document]:
    for element in find_all(terms, "CallForTendersDocumentReference"):
        url = reader.text(find(element, "Attachment/ExternalReference/URI"), "BT-15")
        title = reader.text(find(element, "ID"), "BT-708")
        if url or title:
            yield Document(title=title, kind=reader.text(find(element, "DocumentType"), "BT-14"), url=url)
    if url := reader.text(find(terms, "TenderRecipientParty/EndpointID"), "BT-18"):
        yield Document(kind=Field("submission", url.place, "TenderRecipientParty"), url=url)


def _requirements(terms: Element | None, reader: Reader) -> Iterator[tuple[str, Field]]:
    """Selection criteria, in the EU's extension or in plain UBL, and conditions of performance."""
    for element in (*find_all(terms, f"{EXTENSION}/SelectionCriteria"), *find_all(terms, "TendererQualificationRequest/SpecificTendererRequirement")):
        code = text(find_any(element, "CriterionTypeCode", "TendererRequirementTypeCode"))
        if text(find(element, "CalculationExpressionCode")) in {"n-used", "not-used"}:
            continue
        for path, field in (("Name", "BT-749"), ("Description", "BT-750")):
            if found := reader.best(find_all(element, path), field):
                yield CRITERIA.get(code, "qualification"), found
    for element in find_all(terms, "ContractExecutionRequirement"):
        if text(find(element, "ExecutionRequirementCode")) != "true" and (found := reader.best(find_all(element, "Description"), "BT-70")):
            yield "conditions", found


def _confidentiality(terms: Element | None, reader: Reader) -> Iterator[Field]:
    """A non-disclosure agreement and a security clearance, where they are asked for."""
    for element in find_all(terms, "ContractExecutionRequirement"):
        code = find(element, "ExecutionRequirementCode")
        if code is not None and code.get("listName") == "nda" and text(code) == "true":
            yield reader.best(find_all(element, "Description"), "BT-802") or Field("non-disclosure agreement", place(code, "BT-801"), "true")
    for element in find_all(terms, "SecurityClearanceTerm"):
        code = find(element, "Code")
        if code is not None and text(code) == "true":
            yield reader.best(find_all(element, "Description"), "BT-732") or Field("security clearance", place(code, "BT-578"), "true")
