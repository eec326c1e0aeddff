"""The terms as a paper, and what they still lack before anyone may sign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from remit.apps.agreements import time_terms
from remit.apps.agreements.models import Agreement
from remit.domain.assessment import CLASS_WORDS, Class
from remit.domain.brief import RELATIONSHIPS
from remit.domain.document import Block, Document, Facts, Heading, Paragraph, Table
from remit.domain.line import Question
from remit.domain.money import Money
from remit.domain.reasons import N_, Sentence
from remit.domain.taxation import CATEGORIES
from remit.formats.document.pdf import write_pdf
from remit.formats.words import Words
from remit.lines import lines

NEEDS = (
    "client_country",
    "client_part",
    "language",
    "language_level",
    "software",
    "confidentiality",
    "zone",
    "opens",
    "closes",
    "shared_min",
    "level",
    "hours_a_month",
)
"""Answers of the brief that go on asking something of people under the agreement."""


def kept_answers(service: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What of a brief stands on under the agreement: what it asks of people, and what the service line itself asked."""
    own = (question.code for question in lines()[service].questions if question.at == "brief" and answers.get(question.code) not in (None, ""))
    return {name: answers.get(name) for name in NEEDS} | {code: answers[code] for code in own}


LEAVES_BEFORE = Sentence("entity.leaves_before", N_("{entity} would leave before it joins."))
SIDES = {"client": N_("Client"), "provider": N_("Provider")}


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the 29th to 31st become the 28th."""
    month = day.month - 1 + months
    return date(day.year + month // 12, month % 12 + 1, min(day.day, 28))


def entity_questions(agreement: Agreement) -> tuple[Question, ...]:
    """What the service line asks of each entity."""
    return tuple(question for question in lines()[agreement.service].questions if question.at == "entity")


def lacking(agreement: Agreement) -> list[str]:
    """What must be settled before a signature, in English words."""
    missing = []
    entities = list(agreement.entities.all())
    if not entities:
        missing.append(N_("an entity"))
    if not agreement.lines.all():
        missing.append(N_("prices"))
    if not agreement.tax:
        missing.append(N_("the tax treatment of the invoices"))
    for side, words in (("client", N_("a contact on the client's side")), ("provider", N_("a contact on the provider's side"))):
        if not any(contact["side"] == side for contact in agreement.contacts):
            missing.append(words)
    for entity in entities:
        missing += [
            f"{entity.name}: {question.says}" for question in entity_questions(agreement) if question.required and not entity.answers.get(question.code)
        ]
    return missing


def billed_to(agreement: Agreement) -> str:
    """The entity that gets the group's invoices; empty where each entity gets its own."""
    buyer = agreement.billing.get("buyer", "")
    return next((entity.name for entity in agreement.entities.all() if str(entity.entity_id) == buyer), "")


def document(agreement: Agreement) -> bytes:
    """The signed paper (PDF): the same terms give the same bytes."""
    words = Words(agreement.language)
    say = words.text
    word = say(N_("Agreement"))
    title = f"{word} {agreement.reference}"
    blocks: list[Block] = [
        Heading(title, 1),
        Facts(
            (
                (say(SIDES["client"]), agreement.client.name),
                (say(SIDES["provider"]), agreement.provider.name),
                (say(N_("Service")), say(lines()[agreement.service].says)),
                (say(N_("Relationship")), say(RELATIONSHIPS[agreement.relationship])),
                (say(N_("From")), agreement.begins_on),
                (say(N_("Until before")), agreement.ends_on),
                (say(N_("Notice in days")), agreement.notice_days),
                (say(N_("A month is closed by working day")), agreement.close_workday),
                (say(N_("Invoices are due after days")), agreement.payment_days),
                (say(N_("Time")), time_terms.says(agreement, words)),
                (say(N_("Tax on invoices")), _tax(agreement, words)),
                *(((say(N_("One invoice for the group, to")), billed_to(agreement)),) if agreement.billing else ()),
            )
        ),
        Heading(say(N_("Entities")), 2),
        Table(
            tuple(say(text) for text in (N_("Entity"), N_("Country"), N_("Currency"), N_("Joins"), N_("Leaves"))),
            tuple((e.name, e.facts["country"], e.facts["currency"], e.joins_on, e.leaves_on) for e in agreement.entities.order_by("name")),
        ),
        Heading(say(N_("Prices")), 2),
        Paragraph(
            say(N_("Frozen from card {card}. A later price counts from its own day; what was done before keeps its price.")).format(card=_card(agreement))
        ),
        Table(
            tuple(say(text) for text in (N_("Level"), N_("Basis"), N_("Measure"), N_("Price"), N_("From"))),
            tuple(
                (
                    line.level,
                    say(line.basis),
                    say(_measure(agreement, line.measure)),
                    Money(line.price.normalize() + Decimal(0), line.currency),
                    line.valid_from,
                )
                for line in agreement.lines.order_by("valid_from", "level", "basis", "measure")
            ),
        ),
        Heading(say(N_("Who decides what")), 2),
        Table(
            tuple(say(text) for text in (N_("Task"), N_("Class"), N_("Decides"))),
            tuple((say(task["says"]), say(CLASS_WORDS[Class(task["class"])]), say(SIDES[task["decides"]])) for task in agreement.tasks),
        ),
        Heading(say(N_("Contact plan")), 2),
        Table(
            tuple(say(text) for text in (N_("Side"), N_("Name"), N_("Role"), N_("Channel"), N_("Language"), N_("Hours"), N_("Escalation"))),
            tuple((say(SIDES[c["side"]]), c["name"], c["role"], c["channel"], c["language"], c["hours"], c["escalation"] or None) for c in agreement.contacts),
        ),
    ]
    return write_pdf(
        Document(title, tuple(blocks), agreement.language, facts={"subject": agreement.reference, "date": agreement.drafted_at.date().isoformat()})
    )


def _tax(agreement: Agreement, words: Words) -> str:
    tax = agreement.tax
    says = words.text(CATEGORIES[tax["category"]])
    return f"{says} {words.number(Decimal(tax['rate']))} %" if tax["category"] == "S" else f"{says}{': ' if tax['reason'] else ''}{tax['reason']}"


def _card(agreement: Agreement) -> str:
    line = agreement.lines.order_by("valid_from").first()
    return line.card if line else ""


def _measure(agreement: Agreement, code: str) -> str:
    return lines()[agreement.service].measures.get(code, code)
