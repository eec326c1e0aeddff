"""The business verbs of the agreement: draft it from the award, settle its terms, sign it, and begin the engagement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from annotated_types import Ge, Le, Len, MaxLen
from django.db.models import Q
from pydantic import BaseModel

from remit.apps.agreements import personal, terms, time_terms
from remit.apps.agreements.cards import level_of, year_total
from remit.apps.agreements.models import AgreedEntity, AgreedLine, Agreement, Engagement, Signature, TakenOver
from remit.apps.agreements.places import of_agreement, sees_all_entities
from remit.apps.agreements.terms import LEAVES_BEFORE
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Stale, action, decide, own_audience
from remit.apps.organizations.models import CardLine, Entity, Membership, Organization, RateCard
from remit.apps.organizations.roles import over_limit
from remit.apps.records import files
from remit.apps.records.context import By
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Audience, Participation
from remit.apps.sourcing.models import Assessment, Award
from remit.domain.reasons import N_, Sentence
from remit.domain.record.decision import EvidenceFile
from remit.domain.timekeeping import Shown
from remit.lines import lines

SIGNED = Sentence("agreement.signed", N_("The agreement is signed by {side}: only a change request amends it now."))
SIGNED_TWICE = Sentence("agreement.signed_twice", N_("Your side has signed already."))
NOT_SETTLED = Sentence("agreement.not_settled", N_("Before it can be signed it needs: {what}."))
OUTSIDE = Sentence("agreement.outside", N_("It was signed elsewhere and taken over: nobody signs it here, and a later price is agreed from its own day."))
SETTLE = Sentence("agreement.settle", N_("Settle it in the agreement's terms, then sign."))
TERM_ORDER = Sentence("agreement.term_order", N_("It would end before it begins."))
BUYER = Sentence("agreement.buyer", N_("Name the entity that gets the group's invoices; it is one of those under the agreement."))
TAX_REASON = Sentence("tax.reason", N_("Without tax an invoice needs the reason for it, such as an article of law."))
TAX_RATE = Sentence("tax.rate", N_("The rate belongs to category S alone; every other category is 0."))
PAPER_OF_ALL = Sentence("terms.of_all", N_("The signed paper names every entity under the agreement; you read only some. Your part is on its page."))
ASK_FOR_ALL = Sentence("terms.ask", N_("Ask an administrator for a role for the whole engagement."))
PRICE_BACK = Sentence("price.back", N_("A new price begins after today: what was done until then keeps its price."))

TaxCategory = Literal["S", "Z", "E", "AE", "K", "G", "O"]
Relationship = Literal["on_call", "retainer", "dedicated", "permanent", "own_unit"]


class Contact(BaseModel):
    """One line of the contact plan."""

    side: Literal["client", "provider"]
    name: Annotated[str, Len(1, 120)]
    role: Annotated[str, MaxLen(120)] = ""
    channel: Annotated[str, MaxLen(120)] = ""
    language: Annotated[str, MaxLen(8)] = ""
    hours: Annotated[str, MaxLen(80)] = ""
    escalation: Annotated[int, Ge(0), Le(9)] = 0


class Joining(BaseModel):
    """An entity that joins on a day, with how its ledger is read and what the service line asks of an entity."""

    entity: UUID
    joins_on: date
    leaves_on: date | None = None
    answers: dict[str, Any] = {}
    tax_category: TaxCategory | None = None
    """Where this entity's invoices are not taxed as the agreement says."""
    tax_rate: Annotated[Decimal, Ge(0), Le(100)] | None = None
    tax_reason: Annotated[str, MaxLen(300)] = ""


@action("agreement.drafted", roles=("signatory", "requester", "administrator"))
def draft_agreement(*, by: By, at: datetime, award: UUID) -> Done:
    """Draft the agreement from the award: the card of the day is frozen line by line, the assessment's outcome becomes its first annex."""
    won = Award.objects.filter(id=award, client=by.organization).select_related("audience", "brief", "card").first()
    if won is None:
        raise NotFound(award)
    answers = won.terms["answers"]
    assessed = Assessment.objects.filter(function=won.brief.function).order_by("-assessed_at").first() if won.brief.function_id else None
    tasks = [{name: task[name] for name in ("code", "says", "class", "critical", "decides")} for task in assessed.tasks] if assessed else []
    agreement = drafted(
        won.audience, at, client=won.client_id, provider=won.provider_id, service=won.brief.service, answers=answers, card=won.card, tasks=tasks, award=won
    )
    return decide(by, at, "agreement.drafted", agreement)


def drafted(
    audience: Audience,
    at: datetime,
    *,
    client: UUID,
    provider: UUID,
    service: str,
    answers: Mapping[str, Any],
    card: RateCard,
    tasks: list[dict[str, Any]],
    award: Award | None = None,
) -> Agreement:
    """An agreement's rows, from the answers of its brief: the card's lines for the service are frozen from the first day."""
    assert audience.thread_id is not None
    begins = date.fromisoformat(answers["start"]) if answers.get("start") else at.date()
    agreement = Agreement(
        audience=audience,
        thread_id=audience.thread_id,
        award=award,
        client_id=client,
        provider_id=provider,
        service=service,
        relationship=answers.get("relationship") or "retainer",
        begins_on=begins,
        ends_on=terms.after_months(begins, int(answers["term_months"])) if answers.get("term_months") else None,
        language=answers.get("language") or "en",
        tasks=tasks,
        needs=terms.kept_answers(service, answers),
        personal=lines()[service].is_personal(answers),
        drafted_at=at,
    )
    agreement.save()
    AgreedLine.objects.bulk_create(
        AgreedLine(
            audience=audience,
            agreement=agreement,
            card=card.reference,
            service=line.service,
            level=line.level,
            basis=line.basis,
            measure=line.measure,
            variant=line.variant,
            price=line.price,
            currency=card.currency,
            valid_from=begins,
        )
        for line in CardLine.objects.filter(card=card, service=service)
    )
    return agreement


@action("agreement.settled", roles=("signatory", "requester", "manager", "administrator"))
def settle_terms(
    *,
    by: By,
    at: datetime,
    agreement: UUID,
    version: int | None = None,
    relationship: Relationship | None = None,
    begins_on: date | None = None,
    ends_on: date | None = None,
    notice_days: Annotated[int, Ge(0), Le(3650)] | None = None,
    close_workday: Annotated[int, Ge(1), Le(30)] | None = None,
    payment_days: Annotated[int, Ge(0), Le(365)] | None = None,
    tax_category: TaxCategory | None = None,
    tax_rate: Annotated[Decimal, Ge(0), Le(100)] | None = None,
    tax_reason: Annotated[str, MaxLen(300)] = "",
    contacts: list[Contact] | None = None,
    entities: list[Joining] | None = None,
    responsible: UUID | None = None,
    iban: Annotated[str, MaxLen(34)] = "",
    billing: Literal["per_entity", "group"] | None = None,
    billed_to: UUID | None = None,
    time_billed: bool | None = None,
    time_step_min: Annotated[int, Ge(1), Le(60)] | None = None,
    time_shown: Shown | None = None,
) -> Done:
    """Settle terms before the first signature: term, tax treatment, contact plan, entities (the client's), the responsible person (the provider's)."""
    draft = open_draft(agreement, version)
    for name, value in (
        ("relationship", relationship),
        ("begins_on", begins_on),
        ("ends_on", ends_on),
        ("notice_days", notice_days),
        ("close_workday", close_workday),
        ("payment_days", payment_days),
    ):
        if value is not None:
            setattr(draft, name, value)
    if draft.ends_on and draft.ends_on <= draft.begins_on:
        raise BadInput(ends_on=TERM_ORDER())
    if tax_category:
        draft.tax = _tax(tax_category, tax_rate, tax_reason)
    if contacts is not None:
        draft.contacts = [contact.model_dump() for contact in contacts]
    if responsible is not None and by.organization == draft.provider_id:
        _works_here(responsible, by, at)
        draft.needs = draft.needs | {"responsible": str(responsible)}
    if iban and by.organization == draft.provider_id:
        draft.iban = iban.replace(" ", "")
    if entities is not None and by.organization == draft.client_id:
        _join(draft, entities)
    if billing is not None and by.organization == draft.client_id:
        draft.billing = _billed(draft, billing, billed_to)
    time_terms.settle(draft, time_billed, time_step_min, time_shown)
    draft.version += 1
    draft.save()
    return decide(by, at, "agreement.settled", draft)


def _works_here(person: UUID, by: By, at: datetime) -> None:
    if not Membership.objects.filter(Q(until=None) | Q(until__gt=at), organization=by.organization, person_id=person).exists():
        raise NotFound(person)


@action("agreement.signed", roles=("signatory",), second_factor=True)
def sign_agreement(*, by: By, at: datetime, agreement: UUID) -> Done:
    """Sign the terms as they stand, for one's own side. The first signature makes the document; the second begins the engagement."""
    draft = Agreement.objects.select_for_update().filter(id=agreement).first()
    if draft is None or by.organization not in (draft.client_id, draft.provider_id):
        raise NotFound(agreement)
    if TakenOver.objects.filter(agreement=draft).exists():
        raise Refuse(OUTSIDE(), about=draft)
    if draft.signatures.filter(organization=by.organization).exists():
        raise Refuse(SIGNED_TWICE(), about=draft)
    if lacking := terms.lacking(draft):
        raise Refuse(NOT_SETTLED(what=", ".join(lacking), cure=SETTLE()), about=draft)
    amount = year_total(draft, draft.begins_on)
    if against := over_limit(by, at, sign_agreement.roles, amount, of_agreement(draft)):
        raise Refuse(against, about=draft, audience=own_audience(by, at))
    if draft.terms_id is None:
        draft.terms = files.put(draft.audience_id, f"{draft.reference}.pdf", terms.document(draft), at)
        draft.save(update_fields=["terms"])
    assert draft.terms is not None
    Signature.objects.create(
        audience_id=draft.audience_id,
        agreement=draft,
        organization_id=by.organization,
        name=by.name,
        signed_by=by.user,
        terms_sha256=draft.terms.sha256,
        signed_at=at,
    )
    evidence = (EvidenceFile(name=f"{draft.reference}.pdf", sha256=draft.terms.sha256, media_type="application/pdf"),)
    done = decide(by, at, "agreement.signed", draft, files=evidence, private={"name": by.name})
    if draft.personal:
        personal.open_to_signers(by, at, draft)
    if draft.signatures.count() == 2:
        engagement = Engagement(
            id=draft.engagement_key or uuid7(),
            audience_id=draft.audience_id,
            thread_id=draft.thread_id,
            agreement=draft,
            client_id=draft.client_id,
            provider_id=draft.provider_id,
            begins_on=draft.begins_on,
            ends_on=draft.ends_on,
            started_at=at,
        )
        engagement.save()
        decide(by, at, "engagement.begun", engagement)
    return done


@action("terms.opened", roles=())
def open_terms(*, by: By, at: datetime, agreement: UUID) -> Done:
    """Open the signed paper; that it was looked at stands in the record."""
    found = Agreement.objects.select_related("terms").filter(id=agreement).first()
    if found is None or found.terms is None:
        raise NotFound(agreement)
    if not sees_all_entities(found):
        raise Refuse(PAPER_OF_ALL(cure=ASK_FOR_ALL()), about=found, audience=found.audience_id)
    evidence = (EvidenceFile(name=f"{found.reference}.pdf", sha256=found.terms.sha256, media_type=found.terms.media_type),)
    return decide(by, at, "terms.opened", found, files=evidence)


@action("price.agreed", roles=("signatory",), second_factor=True)
def agree_price(
    *,
    by: By,
    at: datetime,
    agreement: UUID,
    level: Annotated[int, Ge(1), Le(5)],
    basis: Literal["hour", "unit", "month", "fixed", "outcome", "cost_plus"],
    price: Annotated[Decimal, Ge(0)],
    valid_from: date,
    measure: str = "",
    variant: str = "",
) -> Done:
    """Agree a new price from a later day on; what was done before it keeps the price of its own day."""
    signed = Agreement.objects.filter(id=agreement, client=by.organization).first()
    if signed is None:
        raise NotFound(agreement)
    if valid_from <= at.date():
        raise BadInput(valid_from=PRICE_BACK())
    if basis == "hour" and level == level_of(signed) and not measure and not variant:
        amount = year_total(signed, valid_from, price)
        if against := over_limit(by, at, agree_price.roles, amount, of_agreement(signed)):
            raise Refuse(against, about=signed, audience=own_audience(by, at))
    first = signed.lines.order_by("valid_from").first()
    line = AgreedLine.objects.create(
        audience_id=signed.audience_id,
        agreement=signed,
        card=first.card if first else "",
        service=signed.service,
        level=level,
        basis=basis,
        measure=measure,
        variant=variant,
        price=price,
        currency=first.currency if first else Organization.objects.get(pk=signed.provider_id).currency,
        valid_from=valid_from,
    )
    return decide(by, at, "price.agreed", line)


@action("auditor.admitted", roles=("signatory", "administrator"))
def admit_auditor(*, by: By, at: datetime, engagement: UUID, auditor: UUID, until: datetime | None = None) -> Done:
    """Let an audit firm read an engagement and its record, until an instant."""
    running = Engagement.objects.filter(id=engagement, client=by.organization).first()
    firm = Organization.objects.filter(pk=auditor, kinds__contains=["auditor"]).first()
    if running is None or firm is None:
        raise NotFound(engagement if running is None else auditor)
    Participation.objects.create(audience_id=running.audience_id, tenant_id=auditor, role="auditor", since=at, until=until)
    return decide(by, at, "auditor.admitted", running)


def open_draft(key: UUID, version: int | None) -> Agreement:
    """The agreement, locked, while nobody has signed it. Raises NotFound, Stale, Refuse."""
    draft = Agreement.objects.select_for_update().filter(id=key).first()
    if draft is None:
        raise NotFound(key)
    if version is not None and version != draft.version:
        raise Stale
    if TakenOver.objects.filter(agreement=draft).exists():
        raise Refuse(OUTSIDE(), about=draft)
    signed = draft.signatures.select_related("organization").first()
    if signed:
        raise Refuse(SIGNED(side=signed.organization.name), about=draft)
    return draft


def _tax(category: str, rate: Decimal | None, reason: str) -> dict[str, str]:
    if category == "S":
        return {"category": "S", "rate": str(rate or 0), "reason": ""}
    if rate:
        raise BadInput(tax_rate=TAX_RATE())
    if category != "Z" and not reason:
        raise BadInput(tax_reason=TAX_REASON())
    return {"category": category, "rate": "0", "reason": reason}


def _billed(draft: Agreement, billing: str, buyer: UUID | None) -> dict[str, str]:
    """Whoever gets the group's invoices is one of its entities."""
    if billing == "per_entity":
        return {}
    if buyer is None or not draft.entities.filter(entity_id=buyer).exists():
        raise BadInput(billed_to=BUYER())
    return {"buyer": str(buyer)}


def _join(draft: Agreement, entities: list[Joining]) -> None:
    draft.entities.all().delete()
    for joining in entities:
        join(draft, joining)


def join(agreement: Agreement, joining: Joining) -> AgreedEntity:
    """An entity under an agreement, with its facts of now. Raises NotFound, BadInput."""
    entity = Entity.objects.prefetch_related("accounts").filter(id=joining.entity).first()
    if entity is None:
        raise NotFound(joining.entity)
    if joining.leaves_on and joining.leaves_on <= joining.joins_on:
        raise BadInput(entities=LEAVES_BEFORE(entity=entity.name))
    return AgreedEntity.objects.create(
        audience_id=agreement.audience_id,
        agreement=agreement,
        entity_id=entity.id,
        name=entity.name,
        facts=entity.frozen(),
        joins_on=joining.joins_on,
        leaves_on=joining.leaves_on,
        answers=joining.answers,
        tax=_tax(joining.tax_category, joining.tax_rate, joining.tax_reason) if joining.tax_category else {},
    )
