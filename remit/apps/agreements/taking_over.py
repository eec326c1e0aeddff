"""Agreements that were signed elsewhere: their rows from a plan, what the record says of them, and the other side's confirmation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from remit.apps.agreements.models import AgreedEntity, AgreedLine, Agreement, Confirmation, Engagement, TakenOver
from remit.apps.organizations.acting import Done, NotFound, Refuse, action, decide, own_audience
from remit.apps.organizations.founding import found as founded
from remit.apps.organizations.guests import is_enrolled
from remit.apps.organizations.models import Grant, Organization
from remit.apps.records import files
from remit.apps.records.context import By, set_context
from remit.apps.records.keys import reference, uuid7
from remit.apps.records.models import Audience, File, Participation, Thread
from remit.domain.reasons import N_, Sentence
from remit.domain.record import decision as record
from remit.domain.takeover import CalendarRow, EngagementPlan, Plan, PriceRow, plain
from remit.lines import lines

NOT_HERE = Sentence("takeover.not_here", N_("Taken over on {day} from file {sha256}, not decided here."))
CLAUSE = Sentence("takeover.clause", N_("As the contract says: {clause}."))
NOT_TAKEN = Sentence("takeover.not_taken", N_("This agreement was signed here; there is nothing to confirm."))
CONFIRMED = Sentence("takeover.confirmed_twice", N_("It is confirmed already."))
UNCONFIRMED = Sentence("takeover.unconfirmed", N_("{client} has not confirmed yet what {provider} asserted of the agreement."))
ASK = Sentence("takeover.ask", N_("Ask them to look at it: their signatory confirms it on the agreement's page."))

Entries = list[dict[str, Any]]


@dataclass
class Taken:
    """What was made, by (client as compared, service), and the entries that say so."""

    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    engagements: dict[tuple[str, str], Engagement] = field(default_factory=dict)
    entities: dict[tuple[str, str, str], AgreedEntity] = field(default_factory=dict)
    origins: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    """What an entry about something not decided here has besides, by audience."""
    entries: Entries = field(default_factory=list)


def register_clients(by: By, at: datetime, plan: Plan) -> tuple[dict[str, UUID], Entries]:
    """Keys of all clients of the plan by name as compared; those that are not here become organizations without members."""
    keys: dict[str, UUID] = {}
    entries: Entries = []
    own = own_audience(by, at)
    for name, client in plan.clients.items():
        if client.key is not None:
            keys[name] = client.key
            continue
        # It is founded in its own name, inside this transaction; then the context goes back to who acts.
        theirs = By(organization=uuid7(), door=by.door, name=client.name)
        set_context(theirs, at)
        made = founded(theirs, at, name=client.name, kinds=["client"], country=client.country, currency=client.currency)
        set_context(by, at)
        keys[name] = made.pk
        entries.append({"audience": own, "kind": "organization.registered", "about": made})
    return keys, entries


def take_over(
    by: By,
    at: datetime,
    plans: Iterable[EngagementPlan],
    clients: Mapping[str, UUID],
    keys: Mapping[tuple[str, str], UUID],
    contracts: Mapping[str, bytes],
    people: Mapping[str, UUID],
) -> Taken:
    """Threads, agreements, entities, prices and engagements of the plans, set by set. `keys`: of the engagements to be; `people`: by name as compared."""
    plans = list(plans)
    taken = Taken()
    threads = [Thread(reference=reference("TH"), opened_by_id=by.organization, opened_at=at) for _ in plans]
    Thread.objects.bulk_create(threads)
    audiences = [Audience(thread=thread, kind="engagement", opened_by_id=by.organization, opened_at=at) for thread in threads]
    Audience.objects.bulk_create(audiences)
    Participation.objects.bulk_create(
        Participation(audience=audience, tenant_id=side, role=role, since=at)
        for audience, each in zip(audiences, plans, strict=True)
        for side, role in ((by.organization, "provider"), (clients[plain(each.client)], "client"))
    )
    for audience, each in zip(audiences, plans, strict=True):
        place = (plain(each.client), each.service)
        taken.agreements[place] = _agreement(by, at, audience, each, clients[place[0]], keys[place], people)
    Agreement.objects.bulk_create(taken.agreements.values())
    stored = _contracts(at, plans, taken, contracts)
    entities, prices = _entities_and_prices(plans, taken)
    _begin(by, at, plans, taken, stored)
    _entries(by, at, plans, taken, stored, entities, prices)
    return taken


def _agreement(by: By, at: datetime, audience: Audience, each: EngagementPlan, client: UUID, key: UUID, people: Mapping[str, UUID]) -> Agreement:
    terms = each.terms
    needs: dict[str, Any] = {"level": terms.level, "client_country": terms.country, "zone": terms.zone}
    if terms.subdivision:
        needs["client_part"] = f"{terms.country}-{terms.subdivision}"
    if terms.responsible:
        needs["responsible"] = str(people[plain(terms.responsible)])
    return Agreement(
        reference=reference("AG"),
        audience=audience,
        thread=audience.thread,
        client_id=client,
        provider_id=by.organization,
        service=each.service,
        relationship="retainer",
        begins_on=each.begins_on,
        ends_on=terms.ends_on,
        notice_days=terms.notice_days,
        payment_days=terms.payment_days,
        close_workday=terms.due_workday,
        tax={"category": terms.tax, "rate": str(terms.tax_rate), "reason": terms.tax_reason},
        iban=terms.paid_to,
        needs=needs,
        personal=lines()[each.service].is_personal({}),
        engagement_key=key,
        drafted_at=at,
    )


def _contracts(at: datetime, plans: Iterable[EngagementPlan], taken: Taken, contracts: Mapping[str, bytes]) -> dict[tuple[str, str], File]:
    stored = {}
    for each in plans:
        place = (plain(each.client), each.service)
        agreement = taken.agreements[place]
        stored[place] = files.put(agreement.audience_id, each.contract, contracts[each.contract], at)
        agreement.terms = stored[place]
    Agreement.objects.bulk_update(taken.agreements.values(), ["terms"])
    return stored


def _entities_and_prices(plans: Iterable[EngagementPlan], taken: Taken) -> tuple[list[AgreedEntity], list[tuple[AgreedLine, PriceRow]]]:
    prices: list[tuple[AgreedLine, PriceRow]] = []
    one: dict[tuple[str, str], UUID] = {}
    for each in plans:
        place = (plain(each.client), each.service)
        agreement = taken.agreements[place]
        for row in each.rows:
            # One company has one key, whatever is done for it.
            key = one.setdefault((place[0], plain(row.entity)), uuid7())
            taken.entities[*place, plain(row.entity)] = _entity(agreement, row, key)
        prices += [(_line(agreement, price), price) for price in each.prices]
    entities = list(taken.entities.values())
    AgreedEntity.objects.bulk_create(entities)
    AgreedLine.objects.bulk_create(line for line, _ in prices)
    return entities, prices


def _entity(agreement: Agreement, row: CalendarRow, key: UUID) -> AgreedEntity:
    answers = dict(row.answers)
    if row.iban and any(question.code == "bank_account" for question in lines()[row.service].questions if question.at == "entity"):
        answers.setdefault("bank_account", row.iban)
    facts = {
        "name": row.entity,
        "register_number": row.register_number,
        "vat_id": row.vat_id,
        "country": row.country,
        "subdivision": row.subdivision,
        "currency": row.currency,
        "fiscal_year_start": row.fiscal_year_start,
        "zone": row.zone,
        "street": "",
        "city": "",
        "postcode": "",
        "accounts": [{"iban": row.iban, "currency": row.currency, "name": ""}] if row.iban else [],
        "cadence": row.cadence,
    }
    return AgreedEntity(
        audience_id=agreement.audience_id,
        agreement=agreement,
        entity_id=key,
        name=row.entity,
        facts=facts,
        joins_on=min(agreement.begins_on, row.first_month),
        answers=answers,
    )


def _line(agreement: Agreement, price: PriceRow) -> AgreedLine:
    return AgreedLine(
        audience_id=agreement.audience_id,
        agreement=agreement,
        card=agreement.reference,
        service=price.service,
        level=price.level,
        basis=price.basis,
        measure=price.measure,
        variant=price.variant,
        price=price.price,
        currency=price.currency,
        valid_from=price.valid_from,
    )


def _begin(by: By, at: datetime, plans: Iterable[EngagementPlan], taken: Taken, stored: Mapping[tuple[str, str], File]) -> None:
    asserted = [
        TakenOver(
            audience_id=agreement.audience_id,
            agreement=agreement,
            asserted_by_id=by.organization,
            asserted_by_name=by.name,
            asserted_on=at.date(),
            asserted_at=at,
            source=stored[place],
            source_name=each.contract,
            fingerprint=each.fingerprint,
        )
        for each in plans
        for place in [(plain(each.client), each.service)]
        for agreement in [taken.agreements[place]]
    ]
    TakenOver.objects.bulk_create(asserted)
    _open_personal(by, at, taken)
    for place, agreement in taken.agreements.items():
        taken.engagements[place] = Engagement(
            id=agreement.engagement_key,
            reference=reference("EG"),
            audience_id=agreement.audience_id,
            thread_id=agreement.thread_id,
            agreement=agreement,
            client_id=agreement.client_id,
            provider_id=agreement.provider_id,
            begins_on=agreement.begins_on,
            ends_on=agreement.ends_on,
            started_at=at,
        )
    Engagement.objects.bulk_create(taken.engagements.values())


def _open_personal(by: By, at: datetime, taken: Taken) -> None:
    """Who takes personal matters over may read them; everybody else by a grant of their own."""
    personal = [agreement for agreement in taken.agreements.values() if agreement.personal]
    if not personal or by.holder is None:
        return
    grants = [
        Grant(
            organization_id=by.organization,
            membership_id=by.holder,
            role="reader",
            scope="engagement",
            scope_id=agreement.engagement_key,
            granted_by=by.user,
            since=at,
        )
        for agreement in personal
    ]
    Grant.objects.bulk_create(grants)
    own = own_audience(by, at)
    for agreement, grant in zip(personal, grants, strict=True):
        said = {"name": by.name, "role": grant.role}
        taken.entries += [{"audience": log, "kind": "role.granted", "about": grant, "private": said} for log in (agreement.audience_id, own)]


def _entries(
    by: By,
    at: datetime,
    plans: Iterable[EngagementPlan],
    taken: Taken,
    stored: Mapping[tuple[str, str], File],
    entities: Iterable[AgreedEntity],
    prices: Iterable[tuple[AgreedLine, PriceRow]],
) -> None:
    for each in plans:
        place = (plain(each.client), each.service)
        agreement, file = taken.agreements[place], stored[place]
        origin = not_decided_here(at, file.sha256)
        taken.origins[agreement.audience_id] = origin
        paper = (record.EvidenceFile(name=each.contract, sha256=file.sha256, media_type=file.media_type),)
        taken.entries.append({"audience": agreement.audience_id, "kind": "agreement.taken_over", "about": agreement, "files": paper, **origin})
    for entity in entities:
        taken.entries.append({"audience": entity.audience_id, "kind": "entity.taken_over", "about": entity, **taken.origins[entity.audience_id]})
    for line, price in prices:
        origin = dict(taken.origins[line.audience_id])
        if price.clause:
            origin["reasons"] = (*origin["reasons"], CLAUSE(clause=price.clause))
        taken.entries.append({"audience": line.audience_id, "kind": "price.taken_over", "about": line, **origin})
    for engagement in taken.engagements.values():
        origin = taken.origins[engagement.audience_id]
        taken.entries.append({"audience": engagement.audience_id, "kind": "engagement.taken_over", "about": engagement, **origin})


def not_decided_here(at: datetime, sha256: str) -> dict[str, Any]:
    """Fields of a decision that was not taken here: its origin, and the sentence that says so."""
    origin = record.TakenOver(asserted_on=at.date(), source_sha256=sha256)
    return {"taken_over": origin, "reasons": (NOT_HERE(day=at.date(), sha256=sha256),)}


@action("takeover.confirmed", roles=("signatory",), second_factor=True)
def confirm_takeover(*, by: By, at: datetime, agreement: UUID) -> Done:
    """Confirm, for the client, that an agreement was signed as the provider asserted when it took the relation over."""
    found = Agreement.objects.select_for_update(of=("self",)).filter(id=agreement, client=by.organization).first()
    if found is None:
        raise NotFound(agreement)
    asserted = TakenOver.objects.select_related("source").filter(agreement=found).first()
    if asserted is None:
        raise Refuse(NOT_TAKEN(), about=found)
    if Confirmation.objects.filter(taken_over=asserted).exists():
        raise Refuse(CONFIRMED(), about=found)
    Confirmation.objects.create(
        audience_id=found.audience_id,
        taken_over=asserted,
        organization_id=by.organization,
        confirmed_by=by.user,
        confirmed_by_name=by.name,
        confirmed_at=at,
    )
    paper = (record.EvidenceFile(name=asserted.source_name, sha256=asserted.source.sha256, media_type=asserted.source.media_type),)
    return decide(by, at, "takeover.confirmed", found, files=paper, private={"name": by.name})


def must_be_confirmed(agreement: Agreement, at: datetime) -> None:
    """Refused where the client has members who have not confirmed yet what was asserted of it."""
    asserted = TakenOver.objects.filter(agreement=agreement, confirmation=None).first()
    if asserted is not None and is_enrolled(agreement.client_id, at):
        names = dict(Organization.objects.filter(pk__in=(agreement.client_id, agreement.provider_id)).values_list("pk", "name"))
        raise Refuse(UNCONFIRMED(client=names[agreement.client_id], provider=names[agreement.provider_id], cure=ASK()), about=agreement)
