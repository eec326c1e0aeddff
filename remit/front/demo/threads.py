"""The demonstration's threads, one at every stage; the main one with twelve sealed months behind it and January under way."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

from remit.apps.agreements.actions import admit_auditor, draft_agreement, settle_terms, sign_agreement
from remit.apps.agreements.models import Engagement
from remit.apps.organizations.acting import Done
from remit.apps.records.context import By
from remit.apps.sourcing.actions import answer_brief, assess_function, award_brief, draw_shortlist, import_notice, name_function, write_brief
from remit.apps.sourcing.brokers import admit_broker
from remit.front.demo import months, others, running
from remit.front.demo.market import Market
from remit.front.demo.script import Script, one

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
        "start": "2026-01-01",
        "term_months": 24,
        "relationship": "retainer",
        "documents_a_month": 160,
        "entries_a_month": 150,
        "bank_accounts": 1,
        "close_on": 10,
    } | more


def main_thread(script: Script, market: Market, tell: Any) -> None:
    """Halden's monthly close with Rila: assessed, briefed, awarded, signed, twelve months sealed, January under way for two entities."""
    petra, maya = market.halden.seats["petra"], market.rila.seats["maya"]
    script.on("2025-11-03")
    function = script.do(petra, name_function, service="bookkeeping", name="Monthly close")
    script.do(petra, assess_function, function=str(function.id))
    brief = script.do(petra, write_brief, title="Monthly close of two companies", function=str(function.id))
    script.do(
        petra,
        answer_brief,
        brief=str(brief.id),
        answers=answers("DE", "de", "Europe/Berlin", entities=2, software="DATEV", inhouse_cost_year={"amount": "98000", "currency": "EUR"}),
    )
    script.on("2025-11-10")
    script.do(petra, draw_shortlist, brief=str(brief.id))
    award = script.do(
        petra,
        award_brief,
        brief=str(brief.id),
        provider=str(market.rila.key),
        reason="A full day together, German reviewers, and a qualified person who answers for it.",
    )
    agreement = script.do(petra, draft_agreement, award=str(award.id))
    script.on("2025-11-24")
    settle(
        script,
        petra,
        maya,
        agreement,
        market,
        {"gmbh": "2026-01-01", "vitosha": "2027-01-01"},
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
    script.on("2025-12-01")
    script.do(petra, admit_auditor, engagement=str(engagement.id), auditor=str(market.marin.key))
    months.whole_year(script, market, engagement, tell)
    tell(88)
    months.january(script, market, engagement)


def settle(
    script: Script,
    client: By,
    provider: By,
    agreement: Done,
    market: Market,
    entities: dict[str, str],
    responsible: UUID | None,
    contacts: list[tuple[str, str, str, str]],
    tax: tuple[str, str] = ("AE", REVERSE_CHARGE),
) -> None:
    """`entities`: the day that each joins, by name."""
    joining = [months.joining(market, name, joins_on) for name, joins_on in entities.items()]
    plan = [
        {"side": side, "name": name, "role": role, "language": language, "channel": "mail, telephone", "escalation": int(role == "escalation")}
        for side, name, role, language in contacts
    ]
    script.do(client, settle_terms, agreement=str(agreement.id), tax_category=tax[0], tax_reason=tax[1], contacts=plan, entities=joining)
    script.do(provider, settle_terms, agreement=str(agreement.id), responsible=str(responsible) if responsible else None, iban="BG80BNBG96611020345678")


def other_threads(script: Script, market: Market) -> None:
    """One at each earlier stage, a client that works with its own unit abroad, and a relation that ran before."""
    petra, grace, sunil = market.halden.seats["petra"], market.northwind.seats["grace"], market.pune.seats["sunil"]
    payroll = script.do(grace, name_function, service="payroll", name="Payroll run")
    script.do(grace, assess_function, function=str(payroll.id), country="GB-EAW")
    script.do(petra, import_notice, file={"name": "debtor-ledger.json", "content": base64.b64encode(json.dumps(NOTICE).encode()).decode()})
    parts = _brief(script, grace, "Bookkeeping for the spare-parts company", answers("GB", "en", "Europe/London", client_part="GB-EAW", start="2027-04-01"))
    script.do(grace, draw_shortlist, brief=str(parts.id))
    script.do(grace, admit_broker, brief=str(parts.id), broker=str(market.broker.key), until="2027-03-31T22:00:00Z")
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
    settle(script, grace, sunil, agreement, market, {"northwind": "2026-10-01"}, None, contacts, ("O", EXPORT))
    script.do(grace, sign_agreement, agreement=str(agreement.id))
    script.do(sunil, sign_agreement, agreement=str(agreement.id))
    engagement = one(Engagement, sunil, script.now, agreement=agreement.id)
    own_month = months.begin(script, sunil, engagement, "Northwind", "2027-01")
    running.taken_over(script, market)
    others.guest(script, market, own_month)
    others.deputy(script, market)
    others.scoped(script, market)
    others.systems(script, market)


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
