"""eForms: facts read by eye in the originals, faults with their lines, and kinds of which no original is at hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from remit.domain.money import Money
from remit.formats.notices.notice import Notice
from remit.formats.notices.reading import read


def notice_of(path: Path) -> Notice:
    file, findings = read(path.read_bytes(), path.name)
    assert file is not None, findings
    (notice,) = file.notices
    return notice


def codes_of(notice: Notice) -> set[str]:
    return {finding.code for finding in notice.suspicions}


def test_a_call_for_school_payroll(shared_data: Path) -> None:
    notice = notice_of(shared_data / "dev" / "eforms" / "cn_24_cumbria.xml")
    assert (notice.kind.value, notice.stage.value) == ("16 cn-standard", "tender")
    assert notice.title
    assert notice.title.value == "School Payroll and HR Admin Services"
    assert (notice.title.place.line, notice.title.place.field) == (206, "BT-21")
    (buyer,) = notice.buyers
    assert buyer.name
    assert buyer.name.value == "Cumbria County Council"
    assert buyer.country
    assert (buyer.country.value, buyer.country.verbatim) == ("GB", "GBR")
    assert notice.reference
    assert notice.reference.value == "DN474002"
    assert notice.value
    assert notice.value.value == Money(Decimal(1230000), "EUR")
    assert notice.deadline
    assert notice.deadline.value.isoformat() == "2020-05-11T10:00:00+01:00"
    assert notice.deadline.certainty == "stated"
    assert notice.start
    assert notice.start.value == date(2020, 11, 1)
    assert notice.end
    assert notice.end.value == date(2024, 3, 30)
    assert [(c.kind.value, c.weight.value) for c in notice.criteria if c.weight] == [("quality", "65 %"), ("price", "35 %")]
    assert [technique.value for technique in notice.techniques] == ["framework"]
    assert next(quote.text for quote in notice.quotes if quote.about == "volume").startswith("Currently there are 180 schools")
    assert (notice.hint.service, notice.hint.verdict) == ("payroll", "possible")  # the code is the head of a division, the title says payroll
    assert notice.missing == ("entities", "part", "level", "software", "confidentiality")


def test_its_change_names_what_it_changes(shared_data: Path) -> None:
    notice = notice_of(shared_data / "dev" / "eforms" / "change-cn_24_cumbria_suppliers.xml")
    assert notice.stage.value == "change"
    assert [field.value for field in notice.related] == ["6bc75979-ce6c-46eb-81a6-eee543697dec-01"]
    changed = next(finding for finding in notice.suspicions if finding.code == "notice.changed")
    assert changed.values["what"].startswith("Short description modified")
    assert changed.place.line == 9


def test_an_award_joined_from_its_parts(shared_data: Path) -> None:
    notice = notice_of(shared_data / "dev" / "eforms" / "can_24_LSBU.xml")
    assert notice.stage.value == "award"
    assert (notice.value_kind, notice.value and notice.value.value) == ("framework maximum", Money(Decimal(4500000), "GBP"))
    (award,) = notice.awards
    assert [supplier.name.value for supplier in award.suppliers] == ["PwC UK LLP"]
    assert award.tenders
    assert award.tenders.value == 12
    assert award.signed_on
    assert award.signed_on.value == date(2018, 7, 31)
    assert [c.weight.value for c in notice.criteria if c.weight] == ["20 %", "20 %", "10 %", "20 %", "30 %"]


def test_lots_that_repeat_the_whole(shared_data: Path) -> None:
    notice = notice_of(shared_data / "demo" / "eforms" / "2024-OJS064-00189213.xml")
    assert [lot.title.value for lot in notice.lots if lot.title] == [
        "All Legal Services",
        "Volume Property Work (and resulting litigation)",
        "Litigation",
        "Legal Support Solutions",
    ]
    repeated = next(finding for finding in notice.suspicions if finding.code == "value.lots_repeat")
    assert repeated.values["whole"] == Money(Decimal(40040000), "EUR")
    assert notice.published
    assert notice.published.value == date(2024, 3, 29)


def test_confidentiality_that_is_asked_for(shared_data: Path) -> None:
    notice = notice_of(shared_data / "dev" / "eforms" / "2024-OJS044-00127505.xml")
    assert next(field.value for field in notice.confidentiality) == "Voor de in te zetten medewerkers."
    assert "confidentiality" not in notice.missing
    assert notice.language
    assert notice.language.value == "nl"
    assert "date.start_before_deadline" in codes_of(notice)
    assert notice.hint.verdict == "none"  # recruitment


def test_what_is_wrong_with_an_invalid_notice(shared_data: Path) -> None:
    notice = notice_of(shared_data / "dev" / "eforms" / "INVALID_cn_24_stage-2.xml")
    empty = {(finding.place.field, finding.place.line) for finding in notice.suspicions if finding.code == "notice.empty_element"}
    assert {("BT-701", 40), ("BT-500", 19), ("BT-21", 72), ("BT-24", 73), ("BT-262", 76), ("BT-105", 69)} <= empty
    assert "deadline.absent" in codes_of(notice)
    assert "date.placeholder" in codes_of(notice)
    assert len(notice.missing) == 11


def test_sound_notices_have_no_faults_of_form(shared_data: Path) -> None:
    for path in [*(shared_data / "dev" / "eforms").glob("c*.xml"), *(shared_data / "demo" / "eforms").glob("*.xml")]:
        assert not codes_of(notice_of(path)) & {"notice.empty_element", "notice.absent_element", "notice.unknown_code"}, path.name


HEAD = (
    '<ContractNotice xmlns="urn:oasis:names:specification:ubl:schema:xsd:ContractNotice-2"'
    ' xmlns:e="urn:oasis:names:specification:ubl:schema:xsd:CommonExtensionComponents-2"'
    ' xmlns:c="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    ' xmlns:a="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"'
    ' xmlns:f="http://data.europa.eu/p27/eforms-ubl-extension-aggregate-components/1" xmlns:x="http://data.europa.eu/p27/eforms-ubl-extensions/1">'
    "<e:UBLExtensions><e:UBLExtension><e:ExtensionContent><x:EformsExtension>{extension}</x:EformsExtension></e:ExtensionContent></e:UBLExtension></e:UBLExtensions>"
)


def made(inside: str = "", extension: str = "") -> Notice:
    file, findings = read((HEAD.format(extension=extension) + inside + "</ContractNotice>").encode(), "made.xml")
    assert file is not None, findings
    return file.notices[0]


def test_the_best_language_of_a_text() -> None:
    names = '<c:Name languageID="FRA">Conseil</c:Name><c:Name languageID="{}">Other</c:Name><c:Name languageID="DEU">Beratung</c:Name>'
    said = "<c:NoticeLanguageCode>DEU</c:NoticeLanguageCode><a:ProcurementProject>{}</a:ProcurementProject>"
    english, own = made(said.format(names.format("ENG"))), made(said.format(names.format("POL")))
    assert english.title
    assert english.title.value == "Other"
    assert own.title
    assert own.title.value == "Beratung"


def test_a_cancelling_change() -> None:
    reason = "<c:ReasonCode>cancel</c:ReasonCode><f:ReasonDescription>No money.</f:ReasonDescription>"
    notice = made(extension=f"<f:Changes><f:ChangeReason>{reason}</f:ChangeReason></f:Changes>")
    assert notice.stage.value == "cancelled"
    cancelled = next(finding for finding in notice.suspicions if finding.code == "notice.cancelled")
    assert cancelled.values["why"] == "No money."


@pytest.mark.parametrize(("subtype", "stage"), [("4", "planning"), ("10", "tender"), ("25", "award"), ("38", "change"), ("E5", "contract"), ("T02", "award")])
def test_subtypes(subtype: str, stage: str) -> None:
    notice = made(extension=f"<f:NoticeSubType><c:SubTypeCode>{subtype}</c:SubTypeCode></f:NoticeSubType>")
    assert notice.stage.value == stage


def test_a_ranked_tender_without_winner_is_no_award() -> None:
    result = (
        "<f:NoticeResult><f:LotResult><c:TenderResultCode>clos-nw</c:TenderResultCode><f:DecisionReason><f:DecisionReasonCode>all-rej</f:DecisionReasonCode>"
        "</f:DecisionReason><f:LotTender><c:ID>TEN-1</c:ID></f:LotTender><f:TenderLot><c:ID>LOT-1</c:ID></f:TenderLot></f:LotResult>"
        "<f:LotTender><c:ID>TEN-1</c:ID><f:TenderingParty><c:ID>TPA-1</c:ID></f:TenderingParty></f:LotTender></f:NoticeResult>"
    )
    (award,) = made(extension=result).awards
    assert award.suppliers == ()
    assert award.status
    assert award.status.value == "not awarded: all-rej"


def test_codes_that_are_none_and_fields_withheld() -> None:
    privacy = "<f:FieldsPrivacy><f:FieldIdentifierCode>not-max-val</f:FieldIdentifierCode><f:PublicationDate>2024-12-31Z</f:PublicationDate></f:FieldsPrivacy>"
    terms = '<a:TenderingTerms><c:Code listName="einvoicing">invalid</c:Code></a:TenderingTerms>'
    lot = f"<a:ProcurementProjectLot><c:ID>LOT-1</c:ID>{terms}</a:ProcurementProjectLot>"
    notice = made(lot, f"<f:NoticeResult>{privacy}</f:NoticeResult>")
    assert {"notice.unknown_code", "notice.withheld", "notice.absent_element"} <= codes_of(notice)


def test_business_registration_is_no_procurement() -> None:
    file, findings = read(b'<BusinessRegistrationInformationNotice xmlns="x"/>', "x01.xml")
    assert file is None
    assert [finding.code for finding in findings] == ["notice.unknown_form"]
