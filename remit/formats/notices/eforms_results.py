"""Results and changes in eForms: lot results joined to tenders, contracts and companies."""

from __future__ import annotations

from collections.abc import Iterator

from remit.formats.notices import codes
from remit.formats.notices.eforms_lots import Reader
from remit.formats.notices.fields import decimal
from remit.formats.notices.notice import Award, Field, Supplier
from remit.formats.notices.xml import Element, find, find_all, place, text, verbatim

CLOSED = {"clos-nw": "not awarded", "open-nw": "not yet awarded"}


def awards(root: Element, extension: Element | None, reader: Reader) -> Iterator[Award]:
    """One for each winning tender of each lot result; one without supplier, though tenders may be ranked, where a lot has no winner."""
    result = find(extension, "NoticeResult")
    tenders = {text(find(e, "ID")): e for e in find_all(result, "LotTender")}
    parties = {text(find(e, "ID")): e for e in find_all(result, "TenderingParty")}
    contracts = find_all(result, "SettledContract")
    for lot_result in find_all(result, "LotResult"):
        lot = text(find(lot_result, "TenderLot/ID"))
        status = _status(lot_result)
        won = [tender for e in find_all(lot_result, "LotTender/ID") if (tender := tenders.get(text(e))) is not None]
        signed_ids = {text(e) for e in find_all(lot_result, "SettledContract/ID")}
        if not won or status:
            yield Award(id=text(find(lot_result, "ID")), lot=lot, tenders=_received(lot_result), status=status)
            continue
        for tender in won:
            settled = (c for c in contracts if text(find(c, "ID")) in signed_ids)
            contract = next((c for c in settled if text(find(tender, "ID")) in {text(e) for e in find_all(c, "LotTender/ID")}), None)
            if contracts and contract is None and len(won) > 1:
                continue  # a ranked tender without contract did not win
            party = parties.get(text(find(tender, "TenderingParty/ID")))
            signed = find(contract, "IssueDate")
            yield Award(
                id=text(find(contract, "ContractReference/ID")) or text(find(tender, "ID")),
                lot=lot,
                title=reader.best(find_all(contract, "Title"), "BT-721"),
                suppliers=tuple(_suppliers(party, reader)),
                value=reader.money(find(tender, "LegalMonetaryTotal/PayableAmount"), "BT-720"),
                tenders=_received(lot_result),
                signed_on=reader.pen.day(text(signed), place(signed, "BT-145")) if signed is not None else None,
            )
    if result is None:
        yield from _plain(root, reader)


def _plain(root: Element, reader: Reader) -> Iterator[Award]:
    """Results in UBL without the EU's extension."""
    for result in find_all(root, "TenderResult"):
        names = [reader.best(find_all(e, "PartyName/Name"), "BT-500") for e in find_all(result, "WinningParty/Party")]
        value = reader.money(find(result, "AwardedTenderedProject/LegalMonetaryTotal/PayableAmount"), "BT-720")
        if any(names) or value:
            yield Award(suppliers=tuple(Supplier(name=found) for found in names if found), value=value)


def _suppliers(party: Element | None, reader: Reader) -> Iterator[Supplier]:
    for identity in find_all(party, "Tenderer/ID"):
        company = reader.organization(identity)
        if company is not None and (named := reader.best(find_all(company, "PartyName/Name"), "BT-500")):
            yield Supplier(name=named, country=reader.coded(find(company, "PostalAddress/Country/IdentificationCode"), codes.country, "BT-514"))


def _received(lot_result: Element) -> Field | None:
    for statistic in find_all(lot_result, "ReceivedSubmissionsStatistics"):
        number = find(statistic, "StatisticsNumeric")
        if text(find(statistic, "StatisticsCode")) == "tenders" and number is not None and (count := decimal(text(number))) is not None:
            return Field(count, place(number, "BT-759"), text(number))
    return None


def _status(lot_result: Element) -> Field | None:
    code = find(lot_result, "TenderResultCode")
    if code is None or text(code) not in CLOSED:
        return None
    why = text(find(lot_result, "DecisionReason/DecisionReasonCode"))
    return Field(f"{CLOSED[text(code)]}: {why}" if why else CLOSED[text(code)], place(code, "BT-142"), text(code))


def changes(root: Element, extension: Element | None, reader: Reader) -> Iterator[Field]:
    """What a change notice says it changes, and why; what a modification notice says."""
    for holder in find_all(extension, "Changes"):
        for path, field in (("Change/ChangeDescription", "BT-141"), ("ChangeReason/ReasonDescription", "BT-762")):
            for element in find_all(holder, path):
                if found := reader.text(element, field):
                    yield found
    for holder in find_all(extension, "ContractModification"):
        for path, field in (("Change/ChangeDescription", "BT-202"), ("ChangeReason/ReasonDescription", "BT-201")):
            for element in find_all(holder, path):
                if text(element):
                    yield Field(text(element), place(element, field), verbatim(element).strip())
