"""Forms of TED of which no original is at hand: built small, after the schema."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from remit.domain.money import Money
from remit.formats.notices.notice import Notice
from remit.formats.notices.reading import read
from remit.formats.notices.ted_forms import STAGES

BODY = (
    "<CONTRACTING_BODY><ADDRESS_CONTRACTING_BODY><OFFICIALNAME>Stadt X</OFFICIALNAME><TOWN>X</TOWN>"
    '<COUNTRY VALUE="{}"/><NUTS CODE="{}"/></ADDRESS_CONTRACTING_BODY></CONTRACTING_BODY>'
)


def export(*forms: str, coded: str = "") -> Notice:
    xml = f'<TED_EXPORT xmlns="ted/any" DOC_ID="1-2020">{coded}<FORM_SECTION>{"".join(forms)}</FORM_SECTION></TED_EXPORT>'
    file, findings = read(xml.encode(), "made.xml")
    assert file is not None, findings
    return file.notices[0]


def form(code: str, inside: str, language: str = "DE", category: str = "ORIGINAL", country: str = "DE", nuts: str = "DE1") -> str:
    return f'<{code}_2014 FORM="{code}" LG="{language}" CATEGORY="{category}">{BODY.format(country, nuts)}{inside}</{code}_2014>'


@pytest.mark.parametrize("code", [code for code in STAGES if code.startswith("F")])
def test_every_form_has_its_stage(code: str) -> None:
    notice = export(form(code, "<OBJECT_CONTRACT><TITLE><P>T</P></TITLE></OBJECT_CONTRACT>"))
    assert notice.kind.value == code
    assert notice.stage.value == STAGES[code]
    assert notice.stage.certainty == "derived"


def test_english_comes_first_even_as_a_translation() -> None:
    german, english = (f"<OBJECT_CONTRACT><TITLE><P>{title}</P></TITLE></OBJECT_CONTRACT>" for title in ("Prüfung", "Audit"))
    notice = export(form("F02", german), form("F02", english, "EN", "TRANSLATION"))
    assert notice.title
    assert notice.title.value == "Audit"
    assert notice.language
    assert notice.language.value == "en"


@pytest.mark.parametrize(("nuts", "offset"), [("ES300", "+02:00"), ("ES705", "+01:00")])
def test_local_time_follows_country_and_region(nuts: str, offset: str) -> None:
    procedure = "<PROCEDURE><DATE_RECEIPT_TENDERS>2021-06-01</DATE_RECEIPT_TENDERS><TIME_RECEIPT_TENDERS>9:30</TIME_RECEIPT_TENDERS></PROCEDURE>"
    notice = export(form("F02", procedure, country="ES", nuts=nuts))
    assert notice.deadline
    assert notice.deadline.value.isoformat() == f"2021-06-01T09:30:00{offset}"


def test_a_corrigendum_says_what_it_replaces() -> None:
    change = (
        "<CHANGES><CHANGE><WHERE><SECTION>IV.2.2</SECTION></WHERE><OLD_VALUE><DATE>2021-06-01</DATE></OLD_VALUE>"
        "<NEW_VALUE><DATE>2021-06-15</DATE></NEW_VALUE></CHANGE></CHANGES>"
    )
    notice = export(form("F14", f"<OBJECT_CONTRACT><TITLE><P>T</P></TITLE></OBJECT_CONTRACT>{change}"))
    assert [field.value for field in notice.changes] == ["IV.2.2: 2021-06-01 → 2021-06-15"]
    changed = next(finding for finding in notice.suspicions if finding.code == "notice.changed")
    assert "2021-06-15" in changed.values["what"]


def test_a_concession_is_no_budget() -> None:
    inside = '<OBJECT_CONTRACT><TITLE><P>Kiosk</P></TITLE><VAL_ESTIMATED_TOTAL CURRENCY="EUR">90000</VAL_ESTIMATED_TOTAL></OBJECT_CONTRACT>'
    notice = export(form("F24", inside))
    assert notice.concession
    assert notice.value
    assert "budget" in notice.missing
    assert "price.is_revenue" in {finding.code for finding in notice.suspicions}


def test_a_range_is_read_at_its_upper_end_and_said() -> None:
    inside = '<OBJECT_CONTRACT><VAL_RANGE_TOTAL CURRENCY="EUR"><LOW>10</LOW><HIGH>20000</HIGH></VAL_RANGE_TOTAL></OBJECT_CONTRACT>'
    notice = export(form("F03", inside))
    assert notice.value
    assert notice.value.value == Money(Decimal(20000), "EUR")
    assert "value.range" in {finding.code for finding in notice.suspicions}


def test_several_announced_contracts_stand_as_lots() -> None:
    described = '<OBJECT_DESCR ITEM="1"><SHORT_DESCR><P>D</P></SHORT_DESCR></OBJECT_DESCR>'
    objects = "".join(f'<OBJECT_CONTRACT ITEM="{n}"><TITLE><P>Contract {n}</P></TITLE>{described}</OBJECT_CONTRACT>' for n in (1, 2))
    notice = export(form("F01", f'<NOTICE TYPE="PRI_ONLY"/>{objects}'))
    assert [lot.title.value for lot in notice.lots if lot.title] == ["Contract 1", "Contract 2"]
    assert "notice.several_objects" in {finding.code for finding in notice.suspicions}


def test_a_contract_award_of_the_older_edition() -> None:
    award = (
        '<CONTRACT_AWARD FORM="3" LG="EN" CATEGORY="ORIGINAL" VERSION="R2.0.8.S02.E01"><FD_CONTRACT_AWARD>'
        "<CA_CE_CONCESSIONAIRE_PROFILE><ORGANISATION><OFFICIALNAME>Council</OFFICIALNAME></ORGANISATION><TOWN>Leeds</TOWN>"
        '<COUNTRY VALUE="UK"/></CA_CE_CONCESSIONAIRE_PROFILE>'
        "<TITLE_CONTRACT><P>External audit</P></TITLE_CONTRACT>"
        "<SHORT_CONTRACT_DESCRIPTION><P>Audit of the accounts of the council.</P></SHORT_CONTRACT_DESCRIPTION>"
        '<CPV><CPV_MAIN><CPV_CODE CODE="79212000"/></CPV_MAIN></CPV>'
        '<TOTAL_FINAL_VALUE><COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE CURRENCY="GBP"><VALUE_COST FMTVAL="4970000000">49 700,50</VALUE_COST><INCLUDING_VAT/>'
        "</COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE></TOTAL_FINAL_VALUE>"
        "<CRITERIA_DEFINITION><ORDER_C>1</ORDER_C><CRITERIA>Method</CRITERIA><WEIGHTING>60</WEIGHTING></CRITERIA_DEFINITION>"
        "<AWARD_OF_CONTRACT><CONTRACT_NUMBER>7</CONTRACT_NUMBER><CONTRACT_AWARD_DATE><DAY>3</DAY><MONTH>2</MONTH><YEAR>2014</YEAR></CONTRACT_AWARD_DATE>"
        "<ECONOMIC_OPERATOR_NAME_ADDRESS><ORGANISATION><OFFICIALNAME>Auditors LLP</OFFICIALNAME></ORGANISATION></ECONOMIC_OPERATOR_NAME_ADDRESS>"
        "</AWARD_OF_CONTRACT></FD_CONTRACT_AWARD></CONTRACT_AWARD>"
    )
    notice = export(award)
    assert (notice.edition, notice.kind.value, notice.stage.value) == ("R2.0.8", "3", "award")
    assert notice.buyers[0].country
    assert notice.buyers[0].country.value == "GB"
    assert notice.value
    assert notice.value.value == Money(Decimal("49700.50"), "GBP")
    assert notice.vat
    assert (notice.vat.value, notice.vat.certainty) == ("included", "stated")
    assert [(c.name.value, c.weight.value) for c in notice.criteria if c.name and c.weight] == [("Method", "60")]
    assert notice.awards[0].signed_on
    assert notice.awards[0].signed_on.value == date(2014, 2, 3)
    assert notice.awards[0].suppliers[0].name.value == "Auditors LLP"
    assert notice.hint.service == "audit"
