"""What needs whoever looks: derived from the rows as they stand, by role and side, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from remit.apps.agreements import terms
from remit.apps.agreements.models import Agreement, Signature
from remit.apps.billing import drawing
from remit.apps.organizations.acting import ACTIONS
from remit.apps.organizations.mailing.outbox import in_trouble
from remit.apps.organizations.may import may
from remit.apps.organizations.models import Membership, SetAside, Site
from remit.apps.organizations.roles import Place
from remit.apps.people import leave
from remit.apps.people.gate import parts
from remit.apps.people.models import Absence, Credential, Person
from remit.apps.people.views.showing import credential as shown
from remit.apps.sourcing.models import Award, Brief
from remit.apps.work import absences, matters, pending, requests, systems
from remit.apps.work.actions.matters import RAISERS
from remit.apps.work.models import Period, Request, RequestDraft, WorkItem
from remit.apps.work.places import of_item, of_period
from remit.apps.work.waiting import ACCEPT, FILE, Standing, due_at, standing, with_standing
from remit.domain import brief as briefs
from remit.domain.calendars import zone
from remit.domain.gate import Proof
from remit.formats.words import Words
from remit.lines import lines

STOPS_WITHIN = timedelta(days=2)
"""Work with nobody on it that is needed so soon is shown as a stop."""


@dataclass(frozen=True)
class Need:
    """One thing to do. `zone` is the client's, on whose clock `due_at` is said first; `chip`: (class, icon, word)."""

    title: str
    says: str
    url: str
    act: str
    icon: str
    reference: str = ""
    due_at: datetime | None = None
    zone: str = ""
    chip: tuple[str, str, str] = ("", "", "")
    stops: bool = False
    stops_later: bool = False
    """It stops no work today, and will on that day."""
    kind: str = ""
    """By `domain.notifying.KINDS`."""
    key: str = ""
    """What tells it from others of the same page, reference and icon."""
    answer: str = ""
    """The answer that waits to be accepted, so that several are accepted at once."""

    @property
    def event(self) -> str:
        """The same for the same thing in the same state, whoever looks and in whatever language."""
        page = self.url.split("/", 3)[-1]
        return "|".join((self.kind, page, self.reference, self.chip[1], self.key))[:300]


class Desk:
    """Who looks, in which roles, from where; and everything that is asked once."""

    def __init__(self, request: HttpRequest) -> None:
        self.by, self.at = request.by, request.at  # type: ignore[attr-defined]
        self.ref: str = request.resolver_match.kwargs["organization"]  # type: ignore[union-attr]
        self._may = may(request)
        self.roles = self._may.roles

    def holds(self, *roles: str) -> bool:
        """Any of them, in whatever scope."""
        return not self.roles.isdisjoint(roles)

    def may(self, action: str, *touched: Place) -> bool:
        """Whether a role reaches the action where these places lie."""
        return self._may.allows(ACTIONS[action], *touched)

    def address(self, name: str, *arguments: object) -> str:
        """Of a page of the acting organization."""
        return reverse(name, args=[self.ref, *arguments])

    @cached_property
    def zone(self) -> str:
        """Of the first site; UTC where there is none."""
        return Site.objects.filter(organization=self.by.organization).order_by("id").values_list("zone", flat=True).first() or "UTC"

    @cached_property
    def standings(self) -> list[Standing]:
        """Items of open months that may need somebody here: one's own, unstaffed ones, what the client judges, questions, what someone's leave falls on."""
        waiting = pending.pending(pending.open_items())
        may_need = pending.asked()
        if self.by.person is not None:
            may_need |= pending.assigned_to([self.by.person])
        if self.holds(*ACTIONS["accept"].roles):
            may_need |= Q(engagement__client=self.by.organization) & pending.handed_in()
        if self.holds(*ACTIONS["assign"].roles):
            may_need |= Q(engagement__provider=self.by.organization) & pending.unstaffed()
        if self.holds("manager") and self.absences:
            may_need |= pending.assigned_to({row.person_id for row in self.absences})
        return [standing(item) for item in with_standing(waiting.filter(may_need).order_by("due_at", "id"))]

    @cached_property
    def absences(self) -> list[Absence]:
        """Who of one's own people is away within two months, or now."""
        return leave.upcoming(self.by, self.at, until=self.at + absences.SOON)

    @cached_property
    def members(self) -> list[str]:
        """The names of everyone of the organization."""
        in_force = Q(until=None) | Q(until__gt=self.at)
        return list(Membership.objects.filter(in_force, organization=self.by.organization, since__lte=self.at).values_list("name", flat=True))

    def needs(self) -> list[Need]:
        """All that are not set aside, by due time; those without a day last."""
        return [need for need in self.all_needs if need.event not in self._aside or self.is_pressing(need)]

    def set_aside(self) -> list[tuple[Need, datetime]]:
        """Those that are, and until when."""
        return [(need, self._aside[need.event]) for need in self.all_needs if need.event in self._aside and not self.is_pressing(need)]

    def is_pressing(self, need: Need) -> bool:
        """What stops work or is late is not set aside: it stands on the list, whatever was said before."""
        return need.stops or (need.due_at is not None and need.due_at <= self.at)

    @cached_property
    def _aside(self) -> dict[str, datetime]:
        rows = SetAside.objects.filter(membership=self.by.membership, until_at__gt=self.at) if self.by.membership else ()
        return {row.event: row.until_at for row in rows}

    @cached_property
    def all_needs(self) -> list[Need]:
        """What was set aside too."""
        found = [need if need.kind else replace(need, kind=kind) for find, kind in FINDERS for need in find(self)]
        return sorted(found, key=lambda need: (need.due_at is None, need.due_at.timestamp() if need.due_at else 0.0, need.title))

    def group(self, need: Need) -> str:
        """late, today, week, later, open (without a day) or stops (will stop work), on the clock that the need is said by."""
        if need.stops_later:
            return "stops"
        if need.due_at is None:
            return "open"
        clock = zone(need.zone or self.zone)
        today, due = self.at.astimezone(clock).date(), need.due_at.astimezone(clock).date()
        if need.due_at < self.at:
            return "late"
        return "today" if due == today else "week" if due - today <= timedelta(days=7) else "later"

    def side(self, found: Standing) -> str:
        """Which side of an item the organization is on; an auditor is on neither."""
        return {found.item.engagement.client_id: "client", found.item.engagement.provider_id: "provider"}.get(self.by.organization, "")


def _mails(desk: Desk) -> Iterator[Need]:
    """What one wrote and what did not arrive."""
    for row in in_trouble(desk.by, desk.at)[:20]:
        title = _("Your mail to %(name)s did not arrive") % {"name": row.to_name or row.to_email}
        chip = ("bad", "alert-triangle", _("came back") if row.bounced_at else _("not sent"))
        yield Need(title, f"{row.to_email}: {row.problem}", desk.address("message", row.id), _("Look"), "mail", row.about_reference, chip=chip)


def _briefs(desk: Desk) -> Iterator[Need]:
    if not desk.holds("requester", "administrator", "approver", "signatory"):
        return
    mine = Brief.objects.filter(organization=desk.by.organization).prefetch_related("shortlists").order_by("created_at")
    for brief in mine.extra(where=["not brief_is_awarded(sourcing_brief.id)"]):
        answers = brief.plain()
        missing = len(briefs.missing(lines().get(brief.service), answers, parts(brief.country)))
        facts: dict[str, Any] = {"reference": brief.reference, "icon": "file-text", "due_at": _start(answers, desk.zone), "zone": answers.get("zone") or ""}
        place = Place(service=brief.service)
        if missing and desk.may("answer_brief", place):
            says = ngettext("One answer is missing: nobody can be found for it yet.", "%(n)d answers are missing: nobody can be found for it yet.", missing)
            says %= {"n": missing}
            yield Need(brief.title, says, desk.address("brief", brief.reference), _("Answer"), chip=("warn", "message-question", _("answers missing")), **facts)
        elif not missing and not brief.shortlists.all() and desk.may("draw_shortlist", place):
            says = _("Everything that was asked is answered. Draw the shortlist of providers.")
            yield Need(brief.title, says, desk.address("shortlist", brief.reference), _("Draw"), **facts)
        elif not missing and brief.shortlists.all() and desk.may("award_brief", place):
            says = _("The shortlist is drawn. Award the brief to one provider, with your reason.")
            yield Need(brief.title, says, desk.address("shortlist", brief.reference), _("Award"), **facts)


def _start(answers: dict[str, Any], here: str) -> datetime | None:
    try:
        day = date.fromisoformat(str(answers.get("start")))
        return datetime.combine(day, time(), zone(answers.get("zone") or here))
    except ValueError:
        return None


def _awards(desk: Desk) -> Iterator[Need]:
    if not desk.holds("signatory", "requester", "administrator"):
        return
    for award in Award.objects.filter(client=desk.by.organization, agreements=None).select_related("brief", "provider").order_by("awarded_at"):
        if not desk.may("draft_agreement", Place(service=award.brief.service)):
            continue
        says = _("Awarded to %(provider)s. Draft the agreement from it.") % {"provider": award.provider.name}
        yield Need(award.brief.title, says, desk.address("shortlist", award.brief.reference), _("Draft"), "signature", award.brief.reference)


def _agreements(desk: Desk) -> Iterator[Need]:
    if not desk.holds("signatory"):
        return
    mine = desk.by.organization
    signed = Signature.objects.filter(agreement=OuterRef("pk"), organization=mine)
    yield from _taken_over(desk)
    open_ones = Agreement.objects.filter(~Exists(signed), Q(client=mine) | Q(provider=mine), taken_over=None).select_related("client", "provider")
    for agreement in open_ones.prefetch_related("entities", "lines").order_by("begins_on"):
        if not desk.may("sign_agreement", Place(service=agreement.service)):
            continue
        other = agreement.provider if agreement.client_id == mine else agreement.client
        entities = list(agreement.entities.all())
        clock = entities[0].facts["zone"] if entities else desk.zone
        lacking = len(terms.lacking(agreement))
        if lacking:
            says = ngettext("One thing must be settled before it can be signed.", "%(n)d things must be settled before it can be signed.", lacking)
            says %= {"n": lacking}
        else:
            says = _("Everything is settled. It waits for your side's signature.")
        yield Need(
            _("Agreement with %(other)s") % {"other": other.name},
            says,
            desk.address("agreement", agreement.reference),
            _("Settle") if lacking else _("Sign"),
            "signature",
            agreement.reference,
            datetime.combine(agreement.begins_on, time(), zone(clock)),
            clock,
            ("warn", "clock", _("not settled")) if lacking else ("", "signature", _("to sign")),
        )


def _taken_over(desk: Desk) -> Iterator[Need]:
    """What a provider asserted of us when it took a relation over, and nobody confirmed."""
    asserted = Agreement.objects.filter(client=desk.by.organization, taken_over__isnull=False, taken_over__confirmation=None).select_related("provider")
    for agreement in asserted.order_by("begins_on"):
        if desk.may("confirm_takeover", Place(service=agreement.service)):
            yield Need(
                _("Agreement with %(other)s") % {"other": agreement.provider.name},
                _("Signed outside, taken over: %(provider)s asserts it. Look at it and confirm it.") % {"provider": agreement.provider.name},
                desk.address("agreement", agreement.reference),
                _("Look"),
                "signature",
                agreement.reference,
            )


def _items(desk: Desk) -> Iterator[Need]:
    for found in desk.standings:
        yield from _item(desk, found)


def _item(desk: Desk, found: Standing) -> Iterator[Need]:
    item, wait, side = found.item, found.wait, desk.side(found)
    facts: dict[str, Any] = {"url": desk.address("item", item.reference), "reference": item.reference, "zone": item.period.entity.facts["zone"]}
    where = f"{_month(item.period)}, {item.engagement.client.name}"
    if side == "provider" and desk.may("assign", of_item(item)):
        yield from _unstaffed(desk, found, where, facts)
    if wait is None or side != wait.side:
        return
    facts["due_at"] = wait.needed_at
    if wait.step == FILE:
        if desk.may("accept", of_item(item)):
            says = _("%(where)s: accepted. Send it to %(authority)s, and bring the receipt.") % {"where": where, "authority": item.deadline["authority"]}
            yield Need(_said(item.title), says, act=_("Say it was sent"), icon="send", kind="accept", chip=("warn", "send", _("to be filed")), **facts)
        return
    if wait.step == ACCEPT:
        if desk.may("accept", of_item(item)):
            says = _("%(where)s: passed by its reviewer. Accept it, or return it with a reason.") % {"where": where}
            yield Need(
                _said(item.title), says, act=_("Judge"), icon="clipboard-check", kind="accept", chip=("", "eye-check", _("waits for acceptance")), **facts
            )
        return
    held = found.on.get(wait.step)
    if held is None or desk.by.person is None or held.person_id != desk.by.person:
        return
    is_review = found.reviewing is not None and wait.step == found.reviewing.code
    title = _said(found.reviewing.says) if is_review and found.reviewing else _said(item.title)
    chip = ("", "eye-check", _("review waits")) if is_review else ("warn", "arrow-back-up", _("returned")) if found.made else ("", "list-check", _("yours"))
    yield Need(title, where, act=_("Review") if is_review else pgettext("verb", "Open"), icon="eye-check" if is_review else "list-check", chip=chip, **facts)


def _requests(desk: Desk) -> Iterator[Need]:
    """Questions that wait for one's answer, answers that wait for whoever asked, or for a manager; and one's own drafts that nobody sent."""
    items = {found.item.id: found for found in desk.standings}
    names: list[str] | None = None
    for each in map(requests.asked, requests.with_answers(Request.objects.filter(requests.not_over(), item__in=list(items)))):
        found = items[each.request.item_id]
        item, side = found.item, desk.side(found)
        if not side or side != each.waits_on:
            continue
        if each.is_open:
            names = list(desk.members) if names is None and each.owner else names
            is_on_it = side == "client" or desk.holds(*requests.ASKERS) or desk.by.person in {held.person_id for held in found.on.values()}
            if not requests.is_mine(each, desk.by, desk.at, names or ()) or not (is_on_it or each.owner == desk.by.name):
                continue
        elif not desk.holds("manager") and each.request.asked_by != desk.by.user:
            continue
        title = _("A question on %(item)s") if each.is_open else _("An answer on %(item)s")
        chip = ("warn", "message-question", _("asked")) if each.is_open else ("", "eye", _("answered"))
        yield Need(
            title % {"item": _said(item.title)},
            each.request.question,
            f"{desk.address('item', item.reference)}#q-{each.request.id}",
            _("Answer") if each.is_open else _("Look"),
            "message-question",
            each.request.reference,
            each.due_at if each.is_open else None,
            item.period.entity.facts["zone"],
            ("warn", "arrow-back-up", _("returned")) if each.state == "returned" else chip,
            answer=str(each.newest.id) if each.newest and not each.is_open and desk.may("accept_answers", of_item(item)) else "",
        )
    yield from _drafts(desk)


def _drafts(desk: Desk) -> Iterator[Need]:
    """By month what one drafted and nobody sent."""
    rows = RequestDraft.objects.filter(drafted_by=desk.by.user).select_related("item__period__entity", "item__engagement").order_by("drafted_at")
    months: dict[Any, list[RequestDraft]] = {}
    for row in rows if desk.by.user else ():
        months.setdefault(row.item.period_id, []).append(row)
    for drafts in months.values():
        period = drafts[0].item.period
        says = ngettext("One question is drafted and not sent.", "%(n)d questions are drafted and not sent.", len(drafts)) % {"n": len(drafts)}
        address = desk.address("month_requests", period.reference)
        yield Need(_month(period), says, address, _("Send"), "send", period.reference, zone=period.entity.facts["zone"], chip=("", "pencil", _("drafts")))


def _unstaffed(desk: Desk, found: Standing, where: str, facts: dict[str, Any]) -> Iterator[Need]:
    """Steps with nobody on them, also those whose turn is later."""
    passed = found.review is not None and found.review.verdict == "passed"
    for step in filter(None, (None if passed else found.working, None if passed else found.reviewing)):
        if step.code in found.on or found.is_accepted:
            continue
        due = due_at(found.item, step, found.clock)
        stops = due - desk.at < STOPS_WITHIN
        chip = ("bad", "ban", _("stops due work")) if stops else ("warn", "user-search", _("nobody on it"))
        title = _("%(step)s has nobody") % {"step": _said(step.says)}
        icon = "alert-triangle" if stops else "user-search"
        yield Need(title, where, act=_("Choose a person"), icon=icon, due_at=due, chip=chip, stops=stops, kind="staffing", key=step.code, **facts)


def _matters(desk: Desk) -> Iterator[Need]:
    """Answers and verdicts that are one's side's to give, and notices that it owes."""
    if not desk.holds(*RAISERS):
        return
    rows = matters.still_open().filter(Q(engagement__client=desk.by.organization) | Q(engagement__provider=desk.by.organization))
    for found in matters.stand(rows.order_by("raised_at"), desk.at):
        running = found.row.engagement
        side = "client" if running.client_id == desk.by.organization else "provider"
        if found.is_over or not desk.may("answer_matter", Place(engagement=running.id, service=running.agreement.service)):
            continue
        other = running.provider.name if side == "client" else running.client.name
        facts: dict[str, Any] = {"url": desk.address("matter", found.row.reference), "reference": found.row.reference, "icon": "alert-circle"}
        title = f"{_said(found.kind).capitalize()}: {_said(found.category)}"
        if side == found.answers:
            says = _("%(other)s waits for your answer.") % {"other": other}
            yield Need(title, says, act=_("Answer it"), due_at=found.row.answer_due_at, chip=("warn", "hourglass", _("answer due")), **facts)
        elif side == found.judges:
            yield Need(title, _("%(other)s has answered.") % {"other": other}, act=_("Look"), chip=("", "eye", _("answered")), **facts)
        for owed in found.notices:
            if owed.owed_by == side and owed.step is None:
                chip = ("bad", "alert-triangle", _("notice late")) if owed.state == "late" else ("warn", "clock", _("notice due"))
                says = owed.words.get(get_language() or "en") or owed.words["en"]
                yield Need(title, says, act=_("Tell them"), due_at=owed.due_at, chip=chip, stops=owed.state == "late", key=owed.id, **facts)


def _periods(desk: Desk) -> Iterator[Need]:
    if not desk.holds("approver", "signatory"):
        return
    items = WorkItem.objects.filter(period=OuterRef("pk"))
    done = pending.open_periods().filter(~Exists(pending.pending(items)), Exists(items), engagement__client=desk.by.organization)
    for period in done.select_related("entity", "engagement__agreement").order_by("close_due_at", "id"):
        if desk.may("close_period", of_period(period)):
            says = _("Everything in it is accepted. Closing locks it; then it is sealed and every party gets its pack.")
            yield Need(
                _("Close %(month)s") % {"month": _month(period)},
                says,
                desk.address("period", period.reference),
                _("Close"),
                "lock",
                period.reference,
                period.close_due_at,
                period.entity.facts["zone"],
                ("ok", "circle-check", _("nothing blocks it")),
            )


def _invoices(desk: Desk) -> Iterator[Need]:
    if not desk.holds("biller"):
        return
    for period in drawing.unbilled(desk.by.organization):
        if not desk.may("draw_invoice", of_period(period)):
            continue
        title = _("Invoice for %(month)s") % {"month": _month(period)}
        says = _("Accepted work of %(client)s that no invoice holds yet.") % {"client": period.engagement.client.name}
        yield Need(title, says, desk.address("invoices"), _("Draw"), "receipt-euro", period.reference, zone=period.entity.facts["zone"])


def _credentials(desk: Desk) -> Iterator[Need]:
    """Of one's own people where one keeps them, else one's own."""
    people = Person.objects.all()
    if desk.holds("manager", "administrator"):
        here = Membership.objects.filter(Q(until=None) | Q(until__gt=desk.at), organization=desk.by.organization, person_id__isnull=False)
        people = people.filter(id__in=here.values("person_id"))
    else:
        people = people.filter(id=desk.by.person)
    for row in Credential.objects.filter(person__in=people).select_related("person").prefetch_related("verifications"):
        seen = shown(row, str(row.person_id), desk.at)
        if seen.proof is not Proof.EXPIRING or seen.ends_on is None:
            continue
        yield Need(
            _("%(kind)s of %(name)s runs out") % {"kind": row.kind, "name": row.person.name},
            _("Acts that need it are refused from that day on."),
            desk.address("person", row.person.reference),
            _("Look again"),
            "certificate",
            row.person.reference,
            datetime.combine(seen.ends_on, time(), zone(desk.zone)),
            desk.zone,
            ("warn", "calendar-x", _("credential")),
            stops_later=True,
            key=str(row.id),
        )


def _leave(desk: Desk) -> Iterator[Need]:
    """Leave that falls on assigned work, for whoever staffs it: each absence once, with what it would stop."""
    if not desk.holds("manager"):
        return
    stopped: dict[Any, list[absences.Hit]] = {}
    for hit in absences.hits(desk.absences, [found for found in desk.standings if desk.side(found) == "provider"]):
        if desk.may("assign", of_item(hit.found.item)):
            stopped.setdefault(hit.absence.id, []).append(hit)
    for found in stopped.values():
        first = found[0]
        item = first.found.item
        says = ngettext("It would stop “%(step)s” of %(item)s.", "It would stop “%(step)s” of %(item)s, and %(more)d more.", len(found))
        clock = item.period.entity.facts["zone"]
        when = Words(get_language() or "en").reason(absences.away(first.absence, clock))
        yield Need(
            f"{first.held.person_name}: {when}",
            says % {"step": _said(first.step.says), "item": _said(item.title), "more": len(found) - 1},
            desk.address("leave"),
            _("Look"),
            "plane",
            item.reference,
            first.needed_at,
            clock,
            ("warn", "plane", pgettext("absence", "leave")),
            stops_later=True,
            key=str(first.absence.id),
        )


def _access(desk: Desk) -> Iterator[Need]:
    """Accounts in one's own systems that are asked for, to be looked at again, or to be taken away."""
    if not desk.holds(*ACTIONS["grant_access"].roles):
        return
    for found in systems.waits_for(desk.by.organization, desk.at):
        row, running = found.row, found.row.system.engagement
        if not desk.may("grant_access", Place(engagement=running.id)):
            continue
        is_asked = found.state == "asked"
        yield Need(
            _("%(name)s: account in %(system)s") % {"name": row.person_name, "system": row.system.name},
            _said(found.because) if found.because else _("They are asked for the right “%(right)s”.") % {"right": row.right} if is_asked else _said(found.says),
            desk.address("systems", running.reference),
            _("Decide") if is_asked else _("Revoke") if found.state == "to_revoke" else _("Look again"),
            "key",
            running.reference,
            found.revoke_due_at,
            chip=("bad", "ban", _said(found.says)) if found.state in ("to_revoke", "review_due") else ("warn", "key", _said(found.says)),
            key=str(row.id),
        )


FINDERS: tuple[tuple[Callable[[Desk], Iterator[Need]], str], ...] = (
    (_briefs, "contract"),
    (_awards, "contract"),
    (_agreements, "contract"),
    (_items, "step"),
    (_requests, "question"),
    (_matters, "matter"),
    (_periods, "month"),
    (_invoices, "month"),
    (_credentials, "credential"),
    (_leave, "staffing"),
    (_access, "contract"),
    (_mails, "mail"),
)
"""Where needs are found, and of which kind they are where they do not say it themselves."""


def _said(sentence: str) -> str:
    return Words(get_language() or "en").text(sentence)


def _month(period: Period) -> str:
    return f"{Words(get_language() or 'en').month(period.begins_on)}, {period.entity.name}"
