"""The tender of an OCDS release: what is bought, lots, value, dates, criteria, documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from remit.formats.notices import codes, rules
from remit.formats.notices.notice import Award, Cpv, Criterion, Document, Field, Lot
from remit.formats.notices.ocds_pen import OcdsPen
from remit.formats.notices.tree import Node

TECHNIQUES = {
    "hasFrameworkAgreement": "framework",
    "hasDynamicPurchasingSystem": "dynamic purchasing system",
    "hasElectronicAuction": "electronic auction",
}
TOPICS = {"economic": "turnover", "technical": "qualification", "suitability": "qualification", "other": "qualification"}


def read(release: Node, tender: Node, awards: list[Award], pen: OcdsPen) -> dict[str, Any]:
    """The fields of a notice that the tender (before it the planning, after it a single award) holds, by their names."""
    planning, buyer_country = release["planning"], _country(release)
    lots = tuple(_lots(tender, pen))
    main, additional = _cpv(tender, pen)
    value, kind = _value(tender, planning, release, awards, pen)
    return {
        "title": pen.text(tender["title"]) or pen.text(release["title"]) or pen.text(planning.at("project")),
        "description": pen.text(tender["description"]) or pen.text(planning["rationale"]) or pen.text(planning.at("budget/description")),
        "more": pen.texts(release["description"], tender.at("procurementMethodRationale"), tender.at("contractTerms/performanceTerms")),
        "nature": _nature(tender, pen),
        "procedure": _procedure(tender, pen),
        "techniques": tuple(_techniques(tender)),
        "cpv": main,
        "cpv_additional": additional,
        "places": tuple(_places(tender, pen)),
        "lots": lots,
        "value": value,
        "value_kind": kind,
        "vat": None,
        **_period(release, tender, lots, pen),
        **_options(tender, pen),
        "languages": tuple(f for language in tender.at("submissionTerms/languages").items() if (f := pen.language(language))),
        "deadline": _deadline(tender, codes.zone(buyer_country), pen),
        "criteria": tuple(_criteria(tender, pen)),
        "requirements": tuple(_requirements(tender, pen)),
        "documents": tuple(_documents(release, pen)),
        "changes": tuple(_changes(tender, pen)),
        "concession": _concession(tender),
    }


def _country(release: Node) -> str:
    for party in release["parties"].items():
        if "buyer" in [role.text for role in party["roles"].items()]:
            return codes.country(party.at("address/countryName").text) or codes.country(party.at("address/region").text[:2])
    return codes.country(release.at("buyer/address/countryName").text)


def _cpv(tender: Node, pen: OcdsPen) -> tuple[Cpv | None, tuple[Cpv, ...]]:
    """The tender's own code first; where it has none, the first of its items. The others once each."""
    main = pen.cpv(tender["classification"]) if tender["classification"] else None
    others: dict[str, Cpv] = {}
    for node in (*tender["additionalClassifications"].items(), *_classified(tender["items"].items())):
        if found := pen.cpv(node):
            others.setdefault(found.code.value, found)
    if main is None and others:
        main = next(iter(others.values()))
    if main:
        others.pop(main.code.value, None)
    return main, tuple(others.values())


def _classified(items: Iterable[Node]) -> Iterator[Node]:
    for item in items:
        if item["classification"]:
            yield item["classification"]
        yield from item["additionalClassifications"].items()


def _nature(tender: Node, pen: OcdsPen) -> Field | None:
    found = pen.text(tender["mainProcurementCategory"])
    if found is None:
        return None
    value = {"goods": "supplies", "works": "works", "services": "services"}.get(found.value)
    if value is None:
        pen.pen.doubt("notice.unknown_code", found.place, text=found.value[:40], field="mainProcurementCategory")
        return None
    return Field(value, found.place, found.verbatim)


def _procedure(tender: Node, pen: OcdsPen) -> Field | None:
    details, method = pen.text(tender["procurementMethodDetails"]), pen.text(tender["procurementMethod"])
    if details and method:
        return Field(method.value, details.place, details.verbatim)
    return method or details


def _techniques(tender: Node) -> Iterator[Field]:
    for flag, says in TECHNIQUES.items():
        node = tender["techniques"][flag]
        if node.flag:
            yield Field(says, node.place(), "true")
    details = tender["procurementMethodDetails"]
    if "call-off" in details.text.casefold() and not tender.at("techniques/hasFrameworkAgreement").flag:
        yield Field("call-off from a framework", details.place(), details.text)


def _places(tender: Node, pen: OcdsPen) -> Iterator[Field]:
    seen: set[str] = set()
    for item in tender["items"].items():
        for address in (*item["deliveryAddresses"].items(), *([item["deliveryAddress"]] if item["deliveryAddress"] else [])):
            for key in ("region", "locality", "countryName", "postalCode"):
                found = pen.text(address[key]) if address[key] else None
                if found and found.value not in seen:
                    seen.add(found.value)
                    yield found
        if (described := pen.text(item.at("deliveryLocation/description"))) and described.value not in seen:
            seen.add(described.value)
            yield described


def _lots(tender: Node, pen: OcdsPen) -> Iterator[Lot]:
    items: defaultdict[str, list[Node]] = defaultdict(list)
    for item in tender["items"].items():
        items[item["relatedLot"].text].append(item)
    for lot in tender["lots"].items():
        related = items[lot["id"].text] if lot["id"].text else []
        yield Lot(
            id=lot["id"].text,
            title=pen.text(lot["title"]),
            description=pen.text(lot["description"]),
            cpv=tuple(cpv for node in _classified(related) if (cpv := pen.cpv(node))),
            value=pen.money(lot["value"]),
            status=pen.text(lot["status"]),
            **_options(lot, pen),
            **pen.period(lot["contractPeriod"]),
        )


def _value(tender: Node, planning: Node, release: Node, awards: list[Award], pen: OcdsPen) -> tuple[Field | None, str]:
    """The tender's value (the upper end of a range, said), the planned budget, the only lot's, else a single award's."""
    most, least = pen.money(tender["value"]), pen.money(tender["minValue"])
    if most:
        if least and least.value.amount != most.value.amount:
            pen.pen.doubt("value.range", most.place, low=least.value, high=most.value)
        return most, "estimated"
    if budget := pen.money(planning.at("budget/amount")):
        return budget, "budget"
    values = [found for lot in tender["lots"].items() if (found := pen.money(lot["value"]))]
    if len(values) == 1 and len(tender["lots"].value) == 1:
        return Field(values[0].value, values[0].place, values[0].verbatim, "derived", rules.FROM_LOT()), "estimated"
    if len(awards) == 1 and (only := awards[0].value):
        return Field(only.value, only.place, only.verbatim, "derived", rules.FROM_AWARD()), "awarded"
    contracts = list(release["contracts"].items())
    if not awards and len(contracts) == 1 and (only := pen.money(contracts[0]["value"])):
        return Field(only.value, only.place, only.verbatim, "derived", rules.FROM_AWARD()), "awarded"
    return None, ""


def _period(release: Node, tender: Node, lots: tuple[Lot, ...], pen: OcdsPen) -> dict[str, Field | None]:
    """From the tender; else, where no lot has one, from a single award or contract."""
    if tender["contractPeriod"]:
        return pen.period(tender["contractPeriod"])
    if any(lot.duration or lot.start or lot.end for lot in lots):
        return {"start": None, "end": None, "duration": None}
    for part, key in (("awards", "contractPeriod"), ("contracts", "period")):
        members = list(release[part].items())
        if len(members) == 1 and members[0][key]:
            return {
                name: Field(found.value, found.place, found.verbatim, "derived", found.how or rules.FROM_AWARD()) if found else None
                for name, found in pen.period(members[0][key]).items()
            }
    return {"start": None, "end": None, "duration": None}


def _options(part: Node, pen: OcdsPen) -> dict[str, Any]:
    return {"options": pen.texts(part.at("options/description")), "renewals": pen.texts(part.at("renewal/description"))}


def _deadline(tender: Node, zone: str, pen: OcdsPen) -> Field | None:
    for path in ("tenderPeriod/endDate", "expressionOfInterestDeadline"):
        if tender.at(path):
            return pen.instant(tender.at(path), zone)
    return None


def _criteria(tender: Node, pen: OcdsPen) -> Iterator[Criterion]:
    whole = tender["awardCriteria"]
    if isinstance(whole.value, str) and (code := pen.text(whole)):
        yield Criterion(kind=code, name=pen.text(tender["awardCriteriaDetails"]))
    groups = [("", whole)] if isinstance(whole.value, dict) else []
    groups += [(lot["id"].text, lot["awardCriteria"]) for lot in tender["lots"].items() if lot["awardCriteria"]]
    for lot_id, group in groups:
        for criterion in group["criteria"].items():
            kind = pen.text(criterion["type"])
            numbers = [number["number"] for number in criterion["numbers"].items() if number["number"]]
            described = pen.text(criterion["description"])
            name = pen.text(criterion["name"])
            is_weight = described is not None and any(char.isdigit() for char in described.value) and len(described.value) <= 30
            weight = Field(numbers[0].text, numbers[0].place(), numbers[0].text) if numbers else described if is_weight else None
            if kind or name or described:
                yield Criterion(
                    kind=kind or Field("unknown", criterion.place(), ""), name=name or (None if is_weight else described), weight=weight, lot=lot_id
                )


def _requirements(tender: Node, pen: OcdsPen) -> Iterator[tuple[str, Field]]:
    """What the selection criteria ask, word for word, by topic."""
    for holder in (tender, *tender["lots"].items()):
        criteria = holder["selectionCriteria"]
        if (found := pen.text(criteria["description"])) is not None:
            yield "qualification", found
        for criterion in criteria["criteria"].items():
            topic = TOPICS.get(criterion["type"].text, "qualification")
            for key in ("description", "minimum"):
                if found := pen.text(criterion[key]):
                    yield topic, found
    node = tender.at("otherRequirements/requiresStaffNamesAndQualifications")
    if node.flag:
        yield "qualification", Field("names and professional qualifications of staff are asked for", node.place(), "true")


def _documents(release: Node, pen: OcdsPen) -> Iterator[Document]:
    holders = [release["planning"], release["tender"], *release["awards"].items(), *release["contracts"].items()]
    for holder in holders:
        for document in holder["documents"].items():
            title, url = pen.text(document["title"]), pen.text(document["url"])
            if title or url:
                yield Document(title=title, kind=pen.text(document["documentType"]), url=url)


def _changes(tender: Node, pen: OcdsPen) -> Iterator[Field]:
    for amendment in tender["amendments"].items() if tender["amendments"] else [tender["amendment"]]:
        if found := pen.text(amendment["description"]) or pen.text(amendment["rationale"]):
            yield found


def _concession(tender: Node) -> Field | None:
    """Said by the legal basis (Directive 2014/23/EU) or by the publisher's special regime."""
    basis = tender.at("legalBasis/id")
    if basis and basis.text.upper() in {"32014L0023", "2014/23/EU"}:
        return Field("concession", basis.place(), basis.text)
    for regime in tender["specialRegime"].items():
        if "concession" in regime.text.casefold():
            return Field("concession", regime.place(), regime.text)
    return None
