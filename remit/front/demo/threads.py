"""The demonstration's threads, one at every stage; the main one with three sealed months behind it and January under way."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

from remit.apps.agreements.actions import admit_auditor, draft_agreement, settle_terms, sign_agreement
from remit.apps.agreements.models import AgreedEntity, Engagement
from remit.apps.billing.actions import draw_invoice
from remit.apps.organizations.acting import Done
from remit.apps.records.context import By
from remit.apps.sourcing.actions import answer_brief, assess_function, award_brief, draw_shortlist, import_notice, name_function, write_brief
from remit.apps.work.actions import accept, assign, bring_paper, close_period, hand_in, move, open_period, review, take_suggestions
from remit.apps.work.models import WorkItem
from remit.front.demo.market import House, Market
from remit.front.demo.script import Script, one
from remit.lines import examples

MONTHS = ("2026-10", "2026-11", "2026-12")
REVERSE_CHARGE = "Reverse charge, Article 196 of Directive 2006/112/EC"
EXPORT = "Service supplied outside India, zero-rated under section 16 of the IGST Act"


def answers(country: str, language: str, zone: str, **more: Any) -> dict[str, Any]:
    """A bookkeeping brief's answers, typed."""
    return {
        "client_country": country,
        "language": language,
        "zone": zone,
        "entities": 1,
        "level": "2",
        "hours_a_month": 120,
        "language_level": "B2",
        "confidentiality": "ordinary",
        "opens": "09:00",
        "closes": "18:00",
        "shared_min": 240,
        "start": "2026-10-01",
        "term_months": 24,
        "relationship": "retainer",
        "documents_a_month": 160,
        "entries_a_month": 150,
        "bank_accounts": 1,
        "close_on": 10,
    } | more


def main_thread(script: Script, market: Market, tell: Any) -> None:
    """Halden's monthly close with Rila: assessed, briefed, awarded, signed, three months sealed, January under way for two entities."""
    petra, maya = market.halden.seats["petra"], market.rila.seats["maya"]
    script.on("2026-09-01")
    function = script.do(petra, name_function, service="bookkeeping", name="Monthly close")
    script.do(petra, assess_function, function=str(function.id))
    brief = script.do(petra, write_brief, title="Monthly close of two companies", function=str(function.id))
    script.do(
        petra,
        answer_brief,
        brief=str(brief.id),
        answers=answers("DE", "de", "Europe/Berlin", entities=2, software="DATEV", inhouse_cost_year={"amount": "98000", "currency": "EUR"}),
    )
    script.on("2026-09-08")
    script.do(petra, draw_shortlist, brief=str(brief.id))
    award = script.do(
        petra,
        award_brief,
        brief=str(brief.id),
        provider=str(market.rila.key),
        reason="A full day together, German reviewers, and a qualified person who answers for it.",
    )
    agreement = script.do(petra, draft_agreement, award=str(award.id))
    script.on("2026-09-15")
    _settle(
        script,
        petra,
        maya,
        agreement,
        market,
        ["gmbh", "vitosha"],
        responsible=market.rila.persons["Georgi Stanev"],
        contacts=[
            ("client", "Jonas Weber", "month end, approvals", "de"),
            ("client", "Petra Vogel", "escalation", "de"),
            ("provider", "Maya Dimitrova", "delivery manager", "en"),
        ],
    )
    script.do(petra, sign_agreement, agreement=str(agreement.id))
    script.do(maya, sign_agreement, agreement=str(agreement.id))
    engagement = one(Engagement, maya, script.now, agreement=agreement.id)
    script.on("2026-09-20")
    script.do(petra, admit_auditor, engagement=str(engagement.id), auditor=str(market.marin.key))
    for number, month in enumerate(MONTHS):
        tell(40 + 14 * number)
        _whole_month(script, market, engagement, month)
    tell(84)
    _january(script, market, engagement)


def _settle(
    script: Script,
    client: By,
    provider: By,
    agreement: Done,
    market: Market,
    entities: list[str],
    responsible: UUID | None,
    contacts: list[tuple[str, str, str, str]],
    tax: tuple[str, str] = ("AE", REVERSE_CHARGE),
) -> None:
    joining = []
    for name in entities:
        case = {"gmbh": "halden-2026-10", "vitosha": "vitosha-2027-01", "northwind": "vitosha-2027-01"}[name]
        kept = {code: value for code, value in examples.load("bookkeeping", case).entity.items() if code not in ("name", "country", "currency")}
        if name == "northwind":
            kept |= {"bank_account": "GB33BUKB20201555555555", "chart_of_accounts": "own"}
        own_tax = {"tax_category": "S", "tax_rate": "20"} if name == "vitosha" else {}
        joins = "2027-01-01" if name == "vitosha" else "2026-10-01"
        joining.append({"entity": str(market.entities[name]), "joins_on": joins, "answers": kept, **own_tax})
    plan = [
        {"side": side, "name": name, "role": role, "language": language, "channel": "mail, telephone", "escalation": int(role == "escalation")}
        for side, name, role, language in contacts
    ]
    script.do(client, settle_terms, agreement=str(agreement.id), tax_category=tax[0], tax_reason=tax[1], contacts=plan, entities=joining)
    script.do(provider, settle_terms, agreement=str(agreement.id), responsible=str(responsible) if responsible else None, iban="BG80BNBG96611020345678")


def _open(script: Script, by: By, engagement: Engagement, entity: str, month: str) -> tuple[Done, WorkItem]:
    agreed = one(AgreedEntity, by, script.now, agreement=engagement.agreement_id, name__startswith=entity)
    opened = script.do(by, open_period, engagement=str(engagement.id), entity=str(agreed.id), month=f"{month}-01")
    item = one(WorkItem, by, script.now, id=opened.id)
    return opened, item


def _staff(script: Script, house: House, manager: str, item: WorkItem, preparer: str, reviewer: str) -> None:
    for step, name in (("prepare", preparer), ("review", reviewer)):
        script.do(house.seats[manager], assign, item=str(item.id), step=step, person=str(house.persons[name]))


def _work(script: Script, by: By, item: WorkItem, case: str, moves: int | None = None) -> None:
    """Bring the example's papers and make its moves, all or the first few."""
    example = examples.load("bookkeeping", case)
    for paper in example.papers:
        script.do(by, bring_paper, item=str(item.id), slot=paper.slot, file={"name": paper.name, "content": base64.b64encode(paper.data).decode()})
    for made in example.moves[:moves]:
        if made.take:
            script.do(by, take_suggestions, item=str(item.id), step=made.step)
        else:
            script.do(by, move, item=str(item.id), step=made.step, command=made.command, values=dict(made.values or {}))


def _whole_month(script: Script, market: Market, engagement: Engagement, month: str) -> None:
    seats, petra, maya = market.rila.seats, market.halden.seats["petra"], market.rila.seats["maya"]
    year, number = (int(part) for part in month.split("-"))
    after = f"{year + number // 12}-{number % 12 + 1:02d}"
    script.on(f"{after}-02", "07:30")
    _opened, item = _open(script, maya, engagement, "Halden", month)
    _staff(script, market.rila, "maya", item, "Divya Rao", "Arun Iyer")
    _work(script, seats["divya"], item, f"halden-{month}")
    made = script.do(seats["divya"], hand_in, item=str(item.id))
    script.on(f"{after}-05", "09:10")
    script.do(seats["arun"], review, deliverable=str(made.id), verdict="passed", note="Bridge and open items seen.")
    script.on(f"{after}-08", "10:20")
    script.do(market.halden.seats["jonas"], accept, deliverable=str(made.id))
    script.do(maya, draw_invoice, period=str(item.period_id))
    script.on(f"{after}-10", "13:00")
    script.do(petra, close_period, period=str(item.period_id))
    script.sealed(petra, item.period_id)


def _january(script: Script, market: Market, engagement: Engagement) -> None:
    seats, maya = market.rila.seats, market.rila.seats["maya"]
    script.on("2027-02-01", "07:30")
    _opened, vitosha = _open(script, maya, engagement, "Vitosha", "2027-01")
    _staff(script, market.rila, "maya", vitosha, "Nikolay Petkov", "Georgi Stanev")
    _work(script, seats["nikolay"], vitosha, "vitosha-2027-01")
    made = script.do(seats["nikolay"], hand_in, item=str(vitosha.id))
    script.on("2027-02-05", "08:00")
    script.do(seats["georgi"], review, deliverable=str(made.id), verdict="passed")
    script.on("2027-02-08", "07:00")
    _opened, halden = _open(script, maya, engagement, "Halden", "2027-01")
    _staff(script, market.rila, "maya", halden, "Divya Rao", "Arun Iyer")
    _work(script, seats["divya"], halden, "halden-2027-01", moves=3)


def other_threads(script: Script, market: Market) -> None:
    """One at each earlier stage, and a client that works with its own unit abroad."""
    petra, grace, sunil = market.halden.seats["petra"], market.northwind.seats["grace"], market.pune.seats["sunil"]
    payroll = script.do(grace, name_function, service="payroll", name="Payroll run")
    script.do(grace, assess_function, function=str(payroll.id), country="GB-EAW")
    script.do(petra, import_notice, file={"name": "debtor-ledger.json", "content": base64.b64encode(json.dumps(NOTICE).encode()).decode()})
    parts = _brief(script, grace, "Bookkeeping for the spare-parts company", answers("GB", "en", "Europe/London", client_part="GB-EAW"))
    script.do(grace, draw_shortlist, brief=str(parts.id))
    assets = _brief(script, petra, "Fixed-asset ledger", answers("DE", "de", "Europe/Berlin", hours_a_month=20, start="2027-04-01"))
    script.do(petra, draw_shortlist, brief=str(assets.id))
    won = script.do(petra, award_brief, brief=str(assets.id), provider=str(market.rila.key), reason="They keep the books already.")
    script.do(petra, draft_agreement, award=str(won.id))
    asked = answers("GB", "en", "Europe/London", client_part="GB-EAW", relationship="own_unit", start="2027-01-01")
    own = _brief(script, grace, "Own unit in Pune: monthly bookkeeping", asked)
    script.do(grace, draw_shortlist, brief=str(own.id))
    given = script.do(grace, award_brief, brief=str(own.id), provider=str(market.pune.key), reason="Our own unit; the work stays in the group.")
    agreement = script.do(grace, draft_agreement, award=str(given.id))
    contacts = [("client", "Owen Hughes", "month end", "en"), ("provider", "Sunil Patil", "head of unit", "en")]
    _settle(script, grace, sunil, agreement, market, ["northwind"], None, contacts, ("O", EXPORT))
    script.do(grace, sign_agreement, agreement=str(agreement.id))
    script.do(sunil, sign_agreement, agreement=str(agreement.id))
    engagement = one(Engagement, sunil, script.now, agreement=agreement.id)
    _open(script, sunil, engagement, "Northwind", "2027-01")


def _brief(script: Script, by: By, title: str, given: dict[str, Any]) -> Done:
    brief = script.do(by, write_brief, title=title)
    script.do(by, answer_brief, brief=str(brief.id), answers={"service": "bookkeeping"} | given)
    return brief


NOTICE = {
    "ocid": "ocds-demo01-BR-2027-0417",
    "id": "ocds-demo01-BR-2027-0417-1",
    "date": "2027-02-01T09:00:00+01:00",
    "language": "de",
    "tag": ["tender"],
    "initiationType": "tender",
    "buyer": {"name": "Halden Instruments GmbH", "id": "DE-HRB-204417"},
    "parties": [
        {"id": "DE-HRB-204417", "name": "Halden Instruments GmbH", "roles": ["buyer"], "address": {"locality": "München", "countryName": "Deutschland"}}
    ],
    "tender": {
        "id": "BR-2027-0417",
        "title": "Debitorenbuchhaltung und Erstattung ausländischer Vorsteuer",
        "description": "Laufende Debitorenbuchhaltung für zwei Gesellschaften sowie Anträge auf Erstattung ausländischer Vorsteuer.",
        "status": "active",
        "mainProcurementCategory": "services",
        "items": [{"id": "1", "description": "Buchhaltung", "classification": {"scheme": "CPV", "id": "79211100", "description": "Buchführung"}}],
        "value": {"amount": 54000, "currency": "EUR"},
        "tenderPeriod": {"endDate": "2027-03-05T12:00:00+01:00"},
        "contractPeriod": {"startDate": "2027-04-01T00:00:00+02:00", "endDate": "2029-03-31T00:00:00+02:00"},
    },
}
"""A made-up notice in the form of OCDS 1.1."""
