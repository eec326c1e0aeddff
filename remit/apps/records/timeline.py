"""Logs and their entries as people read them: whose log it is, who decided what about which thing, why, and on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, Func, Max, OuterRef, Q, QuerySet, TextField, Value
from django.urls import NoReverseMatch, reverse

from remit.apps.records import log
from remit.apps.records.context import By
from remit.apps.records.models import Audience, Entry, File, Leaf, Opening, Reader, Tenant
from remit.apps.records.said import recorded
from remit.domain.reasons import Reason
from remit.domain.record import statement, words
from remit.domain.record.decision import Actor, Decision, EntryReference, ObjectReference

PAGES = {"brief": "brief", "agreement": "agreement", "engagement": "engagement", "period": "period", "workitem": "item", "invoice": "invoice"}
"""Name of the page on which a thing of that kind is shown by its reference."""
Stored = tuple[UUID, str]
"""A file as a log's audience keeps it: audience and SHA-256."""
OPENERS: list[Callable[[set[Stored]], dict[Stored, UUID]]] = []
"""Each finds the keys of rows by which stored files are opened. The stage that keeps such rows adds its own."""


def opener(find: Callable[[set[Stored]], dict[Stored, UUID]]) -> Callable[[set[Stored]], dict[Stored, UUID]]:
    """Make a function one of them."""
    OPENERS.append(find)
    return find


@dataclass(frozen=True)
class Thing:
    """What a decision is about: the word for it, its reference (empty where it has none to show), and its page."""

    says: str
    reference: str
    url: str


@dataclass(frozen=True)
class Evidence:
    """A file named in an entry; `size` where the log's audience still keeps it."""

    name: str
    sha256: str
    media_type: str
    size: int | None
    opens: str = ""
    """Where it is opened by POST, which the record keeps."""


@dataclass(frozen=True)
class Link:
    """Another entry that this one names; `entry` is empty where it lies in a log that is not to be read."""

    leaf: str
    entry: UUID | None
    index: int | None
    says: str


@dataclass(frozen=True)
class Kept:
    """A value that stands in the entry as a commitment only: its word, and the value where it was not erased. A `coded` one is said in the language."""

    says: str
    value: str
    coded: bool


@dataclass(frozen=True)
class Told:
    """One entry in words."""

    entry: Entry
    decision: Decision
    says: str
    by: str
    house: str
    role: str
    about: Thing
    within: Thing | None
    reasons: tuple[Reason, ...]
    private: tuple[Kept, ...]
    files: tuple[Evidence, ...]
    reviews: tuple[Link, ...]
    cites: tuple[Link, ...]
    supersedes: tuple[Link, ...]
    index: int | None

    @property
    def outcome(self) -> str:
        """Its word."""
        return words.OUTCOMES[self.decision.outcome]

    @property
    def door(self) -> str:
        """Its word."""
        return words.DOORS[self.decision.door]

    @property
    def rejected(self) -> list[tuple[str, tuple[Reason, ...]]]:
        """Alternatives that were not taken, with why."""
        return [(each.object.reference, tuple(recorded(reason) for reason in each.reasons)) for each in self.decision.rejected]


def readable(by: By, at: datetime) -> QuerySet[Audience]:
    """The logs that the actor may read at an instant; the database's own policies stand behind it.

    Who is granted something narrower than the organization reads nothing of its own log, which tells of everything else.
    """
    mine = Reader.objects.filter(principal__in=filter(None, (by.principal, by.reader)), since__lte=at).filter(Q(until=None) | Q(until__gt=at))
    found = Audience.objects.filter(id__in=mine.values("audience"))
    return found.exclude(thread=None) if by.scoped else found


def with_titles(audiences: QuerySet[Audience]) -> QuerySet[Audience]:
    """With what `title` reads."""
    related = ("briefs", "agreements__client", "agreements__provider", "awards__client", "awards__provider", "engagements")
    return audiences.select_related("thread").prefetch_related(*(f"thread__{name}" for name in related))


@dataclass(frozen=True)
class Title:
    """How a log is called: the parties, or the need; the reference and the page of what it belongs to. All empty for an organization's own."""

    reference: str = ""
    says: str = ""
    page: str = ""
    service: str = ""


def title(audience: Audience) -> Title:
    """The need's own words only where the reader sees the brief."""
    thread = audience.thread
    if thread is None:
        return Title()
    for name in ("engagements", "agreements", "awards", "briefs"):
        found = next((row for row in getattr(thread, name).all() if row.audience_id == audience.id), None)
        if found is None:
            continue
        if name == "briefs":
            return Title(found.reference, found.title, "brief", found.service)
        signed: list[Any] = [*thread.agreements.all(), *thread.awards.all()]
        parties = next((f"{row.client.name} · {row.provider.name}" for row in signed), "")
        page = {"engagements": "engagement", "agreements": "agreement"}.get(name, "")
        service = next((row.service for row in thread.agreements.all()), "")
        return Title(getattr(found, "reference", thread.reference), parties, page, service)
    return Title(thread.reference)


def searched(entries: QuerySet[Entry], kind: str, outcome: str, text: str) -> QuerySet[Entry]:
    """Entries of a kind, with an outcome, whose bytes or kept values contain a text."""
    if kind:
        entries = entries.filter(kind=kind)
    if outcome:
        entries = entries.filter(outcome=outcome)
    if text:
        said = Func(F("statement"), Value("UTF8"), function="convert_from", output_field=TextField())
        kept = Opening.objects.filter(entry=OuterRef("pk"), value__icontains=text)
        entries = entries.annotate(said=said).filter(Q(said__icontains=text) | Exists(kept))
    return entries


def newest_first(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """What has no place yet first, then by place in the log from the end."""
    return entries.select_related("leaf").prefetch_related("openings").order_by(F("leaf__index").desc(nulls_first=True), "-id")


def last_decided() -> Max:
    """For an annotation of audiences."""
    return Max("entries__decided_at")


def told(entries: Iterable[Entry], organization: str) -> list[Told]:
    """Entries in words; `organization` is the reference under which pages are linked. A fixed number of queries.

    An entry whose bytes are no decision any more is left out: the proof says which it is.
    """
    read = [(entry, decision) for entry in entries if (decision := _decoded(entry))]
    entries, decisions = [entry for entry, _ in read], [decision for _, decision in read]
    houses = names_of({each.organization for each in _actors(decisions) if each.organization})
    people = _people({each.user for each in _actors(decisions) if each.user})
    links = _linked(decisions)
    sizes = _sizes(entries, decisions)
    openable = {stored: key for find in OPENERS for stored, key in find(set(sizes)).items()}
    found = []
    for entry, decision in zip(entries, decisions, strict=True):
        actor = decision.actor
        leaf = getattr(entry, "leaf", None)
        opened = {opening.name: opening.value for opening in entry.openings.all()}
        found.append(
            Told(
                entry=entry,
                decision=decision,
                says=words.KINDS.get(decision.kind, decision.kind),
                by=(people.get((actor.user, actor.organization)) or people.get((actor.user, None), "")) if actor.user else "",
                house=houses.get(actor.organization, "") if actor.organization else "",
                role=words.ROLES.get(actor.role, actor.role),
                about=_thing(decision.object, organization),
                within=_thing(decision.within, organization) if decision.within and decision.within.id != decision.object.id else None,
                reasons=log.reasons_of(decision),
                private=tuple(_kept(name, opened.get(name, "")) for name in sorted(decision.commitments)),
                files=tuple(
                    Evidence(
                        file.name,
                        file.sha256,
                        file.media_type,
                        sizes.get((entry.audience_id, file.sha256)),
                        _opens(decision, file.name, openable.get((entry.audience_id, file.sha256)), organization),
                    )
                    for file in decision.files
                ),
                reviews=tuple(links[each] for each in decision.reviews),
                cites=tuple(links[each] for each in decision.cites),
                supersedes=tuple(links[each] for each in decision.supersedes),
                index=leaf.index if leaf else None,
            )
        )
    return found


def _decoded(entry: Entry) -> Decision | None:
    try:
        return statement.decode(bytes(entry.statement))
    except statement.NotAStatement:
        return None


def names_of(organizations: set[UUID]) -> dict[UUID, str]:
    """Names of organizations by key."""
    return dict(Tenant.objects.filter(id__in=organizations).values_list("id", "organization__name"))


def _people(users: set[UUID]) -> dict[tuple[UUID, UUID | None], str]:
    """Names of log-ins, by organization as they are members there, where that is to be read; and by None as they call themselves."""
    rows = get_user_model().objects.filter(pk__in=users)
    members = rows.exclude(memberships=None).values_list("pk", "memberships__organization", "memberships__name")
    return {(key, None): name for key, name in rows.values_list("pk", "name")} | {(key, house): name for key, house, name in members}


def zone_of(organization: UUID) -> str:
    """The clocks by which the organization reads: those of its first site."""
    return Tenant.objects.filter(id=organization).order_by("organization__sites__id").values_list("organization__sites__zone", flat=True).first() or "UTC"


def _actors(decisions: Sequence[Decision]) -> list[Actor]:
    return [actor for decision in decisions for actor in (decision.actor, decision.on_behalf_of, *decision.overridden_by) if actor]


def _linked(decisions: Sequence[Decision]) -> dict[EntryReference, Link]:
    asked = {each for decision in decisions for each in (*decision.reviews, *decision.cites, *decision.supersedes)}
    rows = (
        Leaf.objects.filter(audience__in={each.log for each in asked}, leaf_hash__in={bytes.fromhex(each.leaf) for each in asked})
        if asked
        else Leaf.objects.none()
    )
    placed = {(row.audience_id, bytes(row.leaf_hash).hex()): row for row in rows.select_related("entry")}
    links = {}
    for each in asked:
        row = placed.get((each.log, each.leaf))
        says = words.KINDS.get(row.entry.kind, row.entry.kind) if row else ""
        links[each] = Link(each.leaf, row.entry_id if row else None, row.index if row else None, says)
    return links


def _sizes(entries: Sequence[Entry], decisions: Sequence[Decision]) -> dict[tuple[UUID, str], int]:
    hashes = {file.sha256 for decision in decisions for file in decision.files}
    if not hashes:
        return {}
    rows = File.objects.filter(audience__in={entry.audience_id for entry in entries}, sha256__in=hashes)
    return {(audience, sha256): size for audience, sha256, size in rows.values_list("audience", "sha256", "size")}


def _kept(name: str, value: str) -> Kept:
    coded = name == "verdict" and value in words.VERDICTS
    return Kept(words.PRIVATE.get(name, name), words.VERDICTS[value] if coded else value, coded)


def _opens(decision: Decision, name: str, row: UUID | None, organization: str) -> str:
    """The address at which a file of a decision is opened: by the row that names it, or as a paper of an invoice."""
    about = decision.object
    try:
        if row is not None:
            return reverse("open_file", args=[organization, row])
        if about.kind == "invoice":
            return reverse("invoice_open", args=[organization, about.reference, name.rpartition(".")[2]])
    except NoReverseMatch:
        pass
    return ""


def _thing(what: ObjectReference, organization: str) -> Thing:
    shown = "" if what.reference == str(what.id) else what.reference
    url = ""
    if what.kind in PAGES and shown:
        try:
            url = reverse(PAGES[what.kind], args=[organization, shown])
        except NoReverseMatch:
            url = ""
    return Thing(words.OBJECTS.get(what.kind, what.kind), shown, url)
