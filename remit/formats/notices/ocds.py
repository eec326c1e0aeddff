"""OCDS: releases, release packages, records and record packages (1.0 and 1.1, with the extensions of the national publishers)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.domain.line import Finding, Place
from remit.formats.notices import ocds_tender, rules
from remit.formats.notices.fields import Pen
from remit.formats.notices.notice import Award, Buyer, Field, Notice, NoticeFile, Supplier
from remit.formats.notices.ocds_pen import OcdsPen
from remit.formats.notices.tree import Node

FORM = "OCDS"
STAGES = (
    ("cancelled", ("tenderCancellation", "awardCancellation", "contractTermination", "planningCancellation")),
    ("contract", ("contract", "contractUpdate", "contractAmendment", "implementation", "implementationUpdate")),
    ("award", ("award", "awardUpdate")),
    ("change", ("tenderAmendment", "tenderUpdate")),
    ("tender", ("tender",)),
    ("planning", ("planning", "planningUpdate")),
)
PARTS = {"tag", "tender", "awards", "contracts", "planning", "buyer", "date"}
ENDED = {"cancelled", "unsuccessful", "withdrawn"}


def read(root: Node, name: str) -> tuple[NoticeFile | None, tuple[Finding, ...]]:
    """The notices of a package, record or single release."""
    faults: list[Finding] = []
    notices = [_release(release) for release in _releases(root, faults)]
    root.source.findings.clear()
    if not notices:
        hard = [fault for fault in faults if rules.RULES[fault.code].severity == "error"]
        return None, tuple(hard or [Finding("notice.no_release", Place(path=(("line", 1), ("field", "releases"))))])
    faults = [fault for fault in faults if rules.RULES[fault.code].severity != "error"]
    return NoticeFile(name, FORM, tuple(_twice(notices))), tuple(faults)


def is_ocds(root: Node) -> bool:
    """Whether the names at the top are those of OCDS."""
    first = next(root.items(), root) if isinstance(root.value, list) else root
    return isinstance(first.value, dict) and not {"releases", "records", "ocid", "compiledRelease"}.isdisjoint(first.value)


def _releases(root: Node, faults: list[Finding]) -> Iterator[Node]:
    if isinstance(root.value, list):
        for member in root.items():
            yield from _releases(member, faults) if isinstance(member.value, dict) else _not_a_release(member, faults)
    elif root["records"] or root["releases"]:
        for record in root["records"].items():
            yield from _of_record(record, faults, alone=len(root["records"].value) == 1)
        if "records" not in root.value:
            for release in root["releases"].items():
                yield from [release] if isinstance(release.value, dict) else _not_a_release(release, faults)
    elif root["compiledRelease"]:
        yield from _of_record(root, faults, alone=True)
    elif isinstance(root.value, dict) and "ocid" in root.value and not PARTS.isdisjoint(root.value):
        yield root
    faults += [fault for fault in root.source.findings if fault not in faults]


def _of_record(record: Node, faults: list[Finding], alone: bool) -> Iterator[Node]:
    """The compiled release; else the full releases; else a finding that only links stand there."""
    if isinstance(record["compiledRelease"].value, dict):
        yield record["compiledRelease"]
        return
    full = [release for release in record["releases"].items() if isinstance(release.value, dict) and "ocid" in release.value]
    yield from full
    if not full:
        links = sum(1 for _ in record["releases"].items())
        faults.append(Finding("notice.linked_only", record["releases"].place(), {"count": links}))
        if not alone:
            faults.append(Finding("notice.linked_record", record["releases"].place()))


def _not_a_release(node: Node, faults: list[Finding]) -> Iterator[Node]:
    node.wrong("an object")
    faults.append(node.source.findings[-1])
    return iter(())


def _twice(notices: list[Notice]) -> Iterator[Notice]:
    """The notices, those whose release id stood before with the doubt that they are the same."""
    seen: set[tuple[str, str]] = set()
    for notice in notices:
        key = (notice.ocid.value if notice.ocid else "", notice.id.value if notice.id else "")
        if notice.id and key in seen:
            notice = replace(notice, suspicions=(Finding("notice.duplicate_id", notice.id.place, {"id": key[1]}), *notice.suspicions))
        seen.add(key)
        yield notice


def _release(release: Node) -> Notice:
    pen = OcdsPen(Pen())
    release.source.findings.clear()
    tender = release["tender"]
    parties = {party["id"].text: party for party in release["parties"].items()}
    stage, kind = _stage(release, pen)
    awards, contracts = list(_awards(release, parties, pen)), list(_contracts(release, pen))
    core = ocds_tender.read(release, tender, awards, pen)
    awards += [contract for contract in contracts if contract.id not in {award.id for award in awards}]
    notice = Notice(
        form=FORM,
        edition="OCDS 1.1" if release["parties"] or release["tag"] else "OCDS",
        kind=kind,
        stage=stage,
        id=pen.text(release["id"]),
        ocid=pen.text(release["ocid"]),
        reference=pen.text(tender["id"]),
        published=pen.instant(release["date"]),
        language=pen.language(release["language"]),
        buyers=tuple(_buyers(release, tender, parties, pen)),
        awards=tuple(awards),
        related=tuple(f for item in release["relatedProcesses"].items() if (f := pen.text(item["identifier"]))),
        **core,
    )
    pen.count_breaks(release)
    found = (*pen.pen.findings, *_ended(tender), *release.source.findings)
    return replace(notice, suspicions=found)


def _stage(release: Node, pen: OcdsPen) -> tuple[Field, Field]:
    """The stage by the tags, the furthest counts; a compiled release by what it holds. And the tags themselves."""
    tags = [tag.text for tag in release["tag"].items()] if isinstance(release["tag"].value, list) else [release["tag"].text]
    place = release["tag"].place() if release["tag"] else release.place("tag")
    said = ", ".join(tags)
    kind = Field(said or "release", place, said)
    for stage, names in STAGES:
        if not set(names).isdisjoint(tags):
            if stage in {"tender", "change"} and release.at("tender/status").text in {"cancelled", "withdrawn"}:
                stage = "cancelled"
            if stage == "tender" and release.at("tender/status").text in {"planned", "planning"}:
                stage = "planning"
            return Field(stage, place, said, "derived", rules.FROM_TAGS(tags=said)), kind
    status = release.at("tender/status").text
    held = next((part for part in ("contracts", "awards", "tender", "planning") if release[part].value), "release")
    stage = {"contracts": "contract", "awards": "award", "tender": "tender", "planning": "planning"}.get(held, "planning")
    if status in {"cancelled", "withdrawn"}:
        stage, held = "cancelled", "tender/status"
    elif status in {"planned", "planning"} and stage == "tender":
        stage = "planning"
    return Field(stage, place, said, "derived", rules.FROM_CONTENT(part=held)), kind


def _ended(tender: Node) -> Iterator[Finding]:
    if tender["status"].text in ENDED:
        yield Finding("notice.cancelled", tender["status"].place(), {"why": tender["status"].text})


def _buyers(release: Node, tender: Node, parties: dict[str, Node], pen: OcdsPen) -> Iterator[Buyer]:
    """The buyer with its address from the parties; else whoever has the role of buyer or procuring entity."""
    named = release["buyer"] or tender["procuringEntity"]
    with_role = [party for party in parties.values() if "buyer" in [role.text for role in party["roles"].items()]]
    party = parties.get(named["id"].text) if named["id"].text else None
    chosen = [(named if named["name"] else party or named, party or named)] if named else [(p, p) for p in with_role[:1]]
    chosen += [(p, p) for p in with_role if p["id"].text not in {named["id"].text} and (p["name"].text != named["name"].text) and (p, p) not in chosen]
    for who, where in chosen:
        address = where["address"]
        country = address["countryName"] if address["countryName"] else address["country"]
        yield Buyer(
            name=pen.text(who["name"]) or pen.text(where.at("identifier/legalName")),
            country=pen.country(country) or pen.country_of_region(address["region"]),
            city=pen.text(address["locality"]),
            region=pen.text(address["region"]),
        )


def _awards(release: Node, parties: dict[str, Node], pen: OcdsPen) -> Iterator[Award]:
    signed = {contract["awardID"].text: contract["dateSigned"] for contract in release["contracts"].items()}
    for award in release["awards"].items():
        suppliers = []
        for supplier in award["suppliers"].items():
            party = parties.get(supplier["id"].text) or supplier
            if name := pen.text(supplier["name"]) or pen.text(party["name"]):
                suppliers.append(Supplier(name=name, country=pen.country(party.at("address/countryName")), value=None))
        lots = [lot.text for lot in award["relatedLots"].items()]
        yield Award(
            id=award["id"].text,
            lot=", ".join(lots),
            title=pen.text(award["title"]),
            suppliers=tuple(suppliers),
            value=pen.money(award["value"]),
            tenders=_bids(release, lots, pen),
            signed_on=pen.day(award["date"]) or pen.day(signed[award["id"].text]) if award["id"].text in signed else pen.day(award["date"]),
            status=pen.text(award["status"]),
        )


def _contracts(release: Node, pen: OcdsPen) -> Iterator[Award]:
    """Contracts whose award does not stand in the release."""
    known = {award["id"].text for award in release["awards"].items()}
    for contract in release["contracts"].items():
        if contract["awardID"].text not in known or not known:
            yield Award(
                id=contract["id"].text,
                title=pen.text(contract["title"]),
                value=pen.money(contract["value"]),
                signed_on=pen.day(contract["dateSigned"]),
                status=pen.text(contract["status"]),
            )


def _bids(release: Node, lots: list[str], pen: OcdsPen) -> Field | None:
    for statistic in release.at("bids/statistics").items():
        related = statistic["relatedLot"].text or ", ".join(lot.text for lot in statistic["relatedLots"].items())
        if statistic["measure"].text in {"bids", "validBids", "receivedBids"} and (not related or related in lots or not lots):
            return pen.number(statistic["value"])
    return pen.number(release.at("tender/numberOfTenderers"))
