"""Running relations taken over on the real database: forty people and twelve engagements in one go, all or nothing, and twice is once."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.actions import settle_terms, sign_agreement
from remit.apps.agreements.models import AgreedEntity, AgreedLine, Agreement, Confirmation, Engagement, TakenOver
from remit.apps.agreements.places import agreement_thing
from remit.apps.agreements.taking_over import confirm_takeover, must_be_confirmed
from remit.apps.billing import drawing
from remit.apps.organizations.acting import BadInput, Done, NotFound, Refuse, Refused, Upload
from remit.apps.organizations.actions import add_member
from remit.apps.organizations.founding import FOUNDER_ROLES, found, new_user
from remit.apps.organizations.models import Entity, Grant, Organization, Site, User
from remit.apps.people.gate import store_rule_sets
from remit.apps.people.models import Credential, Person, Staff
from remit.apps.records import clock, files, log
from remit.apps.records.context import By, reading, writing
from remit.apps.records.keys import uuid7
from remit.apps.records.models import Entry
from remit.apps.work import cases
from remit.apps.work.actions import bring_takeover, import_people, take_over
from remit.apps.work.models import Acceptance, Assignment, Deliverable, OpeningTime, Period, Request, Review, TakeoverDraft, WorkItem
from remit.domain import invoicing
from tests import takeover_case as case

AT = datetime(2026, 11, 25, 9, tzinfo=UTC)


def founded(name: str, mail: str, kinds: Iterable[str] = ("provider",)) -> By:
    """An organization with one administrator who need not prove themselves anew."""
    by = By(organization=uuid7(), door="page", user=uuid7(), membership=uuid7(), name=name)
    with writing(by, AT):
        user = new_user(mail, "correct horse battery staple", name, key=by.user)
        found(by, AT, name=name, kinds=kinds, country="BG", currency="EUR", user=user, roles=FOUNDER_ROLES, sign_factor="none")
        store_rule_sets(AT)
    return by


def bring(by: By, uploads: list[Upload], at: datetime = AT, **more: Any) -> UUID:
    done = bring_takeover(by=by, at=at, files=uploads, **more)
    assert isinstance(done, Done)
    return done.id


def numbers(by: By, at: datetime = AT) -> dict[str, int]:
    """How many rows of each kind the organization sees."""
    models = (Person, Staff, Site, Credential, Grant, Agreement, AgreedEntity, AgreedLine, Engagement, Period, WorkItem, Request, OpeningTime, Assignment)
    with reading(by, at):
        return {model.__name__: model.objects.count() for model in models} | {"clients": Organization.objects.count()}


@pytest.fixture(scope="module")
def provider(database: str) -> By:
    return founded("Rila Ledger EOOD", "nora@rila.example")


@pytest.fixture(scope="module")
def taken(provider: By) -> By:
    key = bring(provider, case.folder())
    with CaptureQueriesContext(connection) as asked:
        assert isinstance(take_over(by=provider, at=AT, takeover=key), Done)
    # By sets: what grows is what each client has of its own (an organization, a log, a file under its own key).
    assert len(asked) < 12 * 16 + 90, len(asked)
    return provider


def test_forty_people_and_twelve_engagements_in_one_go(taken: By) -> None:
    seen = numbers(taken)
    assert (seen["Person"], seen["Credential"], seen["Site"]) == (40, 10, 2)
    assert {seen[name] for name in ("Agreement", "Engagement", "AgreedEntity", "Period", "WorkItem", "Request")} == {12}
    assert seen["AgreedLine"] == 12 * 3 + 4 * 2
    with reading(taken, AT):
        assert sorted(set(OpeningTime.objects.values_list("basis", "quantity"))) == [("hour", Decimal("2.5")), ("unit", Decimal(120))]
        assert Organization.objects.filter(kinds__contains=["client"]).count() == 12
        assert {item.period.begins_on for item in WorkItem.objects.select_related("period")} == {date(2026, 11, 1)}
        roles = Grant.objects.filter(membership__person_id__isnull=False)
        assert set(roles.filter(scope="engagement").values_list("scope_id", flat=True)) == set(Engagement.objects.values_list("id", flat=True))
        assert roles.filter(scope="organization").exists()


def test_the_gate_binds_whoever_the_calendar_names(taken: By) -> None:
    with reading(taken, AT):
        on = list(Assignment.objects.select_related("item__period__entity"))
        assert {row.step for row in on} == {"prepare", "review"}
        # In Germany somebody must answer for the work with a licence that was looked at: what a sheet states of itself is not enough.
        assert {row.item.period.entity.facts["country"] for row in on} == {"NL"}
        refused = Entry.objects.filter(kind="step.assigned", outcome="refused")
        assert refused.count() == 8
        assert all(log.reasons(entry.id) for entry in refused)


def test_earlier_stages_read_taken_over_not_decided_here(taken: By) -> None:
    with reading(taken, AT):
        agreement = Agreement.objects.select_related("terms", "taken_over__source").filter(client__name="Birch GmbH").get()
        assert agreement.terms is not None
        assert files.read(agreement.terms) == case.CONTRACT + b"Birch"
        assert not agreement.signatures.exists()
        assert agreement.taken_over.source.sha256 == agreement.terms.sha256
        entries = list(Entry.objects.filter(audience=agreement.audience_id))
        origins = {entry.kind: log.read(entry.id).taken_over for entry in entries}
        for kind in ("agreement.taken_over", "entity.taken_over", "price.taken_over", "engagement.taken_over", "request.taken_over"):
            origin = origins[kind]
            assert origin is not None, kind
            assert (origin.asserted_on, origin.source_sha256) == (AT.date(), agreement.terms.sha256), kind
            said = [log.reasons(entry.id)[0] for entry in entries if entry.kind == kind]
            assert {reason.code for reason in said} == {"takeover.not_here"}
        # What is decided here from that day on has no such origin, and no step before is invented.
        assert origins["period.opened"] is None
        assert not {"agreement.signed", "agreement.drafted", "brief.written", "brief.awarded"} & set(origins)


def test_open_items_come_into_the_first_month(taken: By) -> None:
    with reading(taken, AT):
        item = WorkItem.objects.select_related("period__entity", "engagement").filter(engagement__client__name="Alder GmbH").get()
        carried = cases.case_of(item, AT.date()).carried
        assert (carried.statement_closing, carried.ledger_closing) == (Decimal(10250), Decimal(10000))
        (open_item,) = carried.open_statement
        assert (open_item.amount, open_item.text, open_item.carried) == (Decimal(250), "Payment Meier", True)
        assert WorkItem.objects.filter(engagement__client__name="Birch GmbH").get().carried is None


def test_unbilled_work_is_billed_once_at_the_price_of_its_day(taken: By) -> None:
    with reading(taken, AT):
        item = WorkItem.objects.select_related("period__entity", "period__engagement__agreement").filter(engagement__client__name="Alder GmbH").get()
        assert drawing.works(item.period) == []
        maker, reviewer = Person.objects.order_by("name").values_list("id", flat=True)[:2]
    with writing(taken, AT):
        manifest = files.put(item.audience_id, "manifest.json", b"{}", AT)
        made = Deliverable.objects.create(
            audience_id=item.audience_id, item=item, step="prepare", number=1, manifest=manifest, manifest_sha256=manifest.sha256, checks=[], quantities=[],
            made_by=maker, made_at=AT,
        )  # fmt: skip
        Review.objects.create(
            audience_id=item.audience_id,
            deliverable=made,
            manifest_sha256=manifest.sha256,
            verdict="passed",
            reviewed_by=reviewer,
            reviewed_by_name="R",
            reviewed_at=AT,
        )
        Acceptance.objects.create(
            audience_id=item.audience_id, deliverable=made, manifest_sha256=manifest.sha256, verdict="accepted", accepted_by_name="Guest", accepted_at=AT
        )
    with reading(taken, AT):
        works = drawing.works(item.period)
        assert [(work.basis, work.on, work.quantity) for work in works] == [
            ("hour", date(2026, 10, 10), Decimal("2.5")),
            ("unit", date(2026, 10, 11), Decimal(120)),
        ]
        seller = Organization.objects.get(pk=taken.organization)
        seller.vat_id, seller.register_number = "BG175074752", "175074752"
        drawn = drawing.drawn(item.period, seller, AT, "RL-2026-0001", works)
        # The raise of 1 July counts: 40.50 an hour, 0.85 an entry.
        assert isinstance(drawn.invoice, invoicing.Invoice), [
            reason.code for each in (*drawn.refused, drawn) for reason in getattr(each, "reasons", drawn.obstacles)
        ]
        assert drawn.invoice.net.amount == Decimal("101.25") + Decimal("102.00")
        assert len({work.id for work in works}) == 2
        assert {work.id for work in works} == {work.id for work in drawing.works(item.period)}


def test_the_same_files_again_change_nothing(taken: By) -> None:
    before = numbers(taken)
    staff = case.people()
    random.Random(7).shuffle(staff)
    priced, work = case.prices()[::-1], case.calendar()[::-1]
    refused = take_over(by=taken, at=AT, takeover=bring(taken, case.folder(staff, priced, work)))
    assert isinstance(refused, Refused)
    assert [reason.code for reason in refused.reasons] == ["takeover.nothing"]
    assert numbers(taken) == before


def test_nobody_signs_or_settles_it_here(taken: By) -> None:
    with reading(taken, AT):
        key = Agreement.objects.values_list("id", flat=True)[0]
    for result in (sign_agreement(by=taken, at=AT, agreement=key), settle_terms(by=taken, at=AT, agreement=key, notice_days=1)):
        assert isinstance(result, Refused)
        assert [reason.code for reason in result.reasons] == ["agreement.outside"]
    with reading(taken, AT):
        thing = agreement_thing(key)
        assert thing is not None
        assert thing.acts == ("confirm_takeover", "agree_price")
        client = Agreement.objects.get(id=key).client_id
        assert [reason.code for reason in thing.waiting(client, thing.acts)] == ["takeover.confirmation_waits"]


def test_the_same_files_at_the_same_moment_are_taken_over_once(provider: By) -> None:
    other = founded("Twice Books", "twice@books.example")
    one = ("Willow",)
    drafts = [bring(other, case.folder(clients=one)) for _ in range(2)]
    results: list[Any] = []

    def carry_out(key: UUID) -> None:
        try:
            results.append(take_over(by=other, at=AT, takeover=key))
        finally:
            connection.close()

    threads = [Thread(target=carry_out, args=(key,)) for key in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["Done", "Refused"]
    seen = numbers(other)
    assert (seen["Person"], seen["Engagement"]) == (40, 1)


def test_an_import_changes_only_what_differs(taken: By) -> None:
    staff = case.people()
    staff[1] = staff[1] | {"level": "3", "languages": "de C2 | en C1"}
    staff.append(staff[2] | {"name": "Nina Neu", "mail": "new@provider.example", "works for": ""})
    before, at = numbers(taken), AT + timedelta(days=1)
    done = import_people(by=taken, at=at, file=Upload.of("people.csv", case.sheet("people", staff)))
    assert isinstance(done, Done)
    after = numbers(taken, at)
    assert after["Person"] == before["Person"] + 1
    assert after["Staff"] == before["Staff"] + 2
    with reading(taken, at):
        changed = Person.objects.get(email="p1@provider.example")
        rows = list(changed.staff.order_by("since"))
        assert [(row.level, row.since, row.until) for row in rows] == [(2, AT.date(), at.date()), (3, at.date(), None)]
        assert dict(changed.languages.values_list("language", "level")) == {"de": "C2", "en": "C1"}
        told = Entry.objects.filter(decided_at=at).values_list("kind", flat=True)
        assert sorted(kind for kind in told if kind.startswith("person.")) == ["person.added", "person.described"]
    again = import_people(by=taken, at=at, file=Upload.of("people.csv", case.sheet("people", staff)))
    assert isinstance(again, Refused)


def test_roles_of_the_sheet_hold_once_there_is_a_log_in(taken: By) -> None:
    with reading(taken, AT):
        person = Person.objects.get(email="p4@provider.example").id
    done = add_member(by=taken, at=AT + timedelta(days=2), email="p4@provider.example", name="Elm's own", roles=["reader"], person=person)
    assert isinstance(done, Done)
    with reading(taken, AT + timedelta(days=2)):
        held = set(Grant.objects.filter(membership=done.id).values_list("role", "scope"))
    assert held == {("reader", "organization"), ("preparer", "engagement"), ("reviewer", "engagement")}


ERRORS: tuple[tuple[str, str, int, str, str], ...] = (
    ("people", "Maya Petrova", 6, "name", "takeover.person_twice"),
    ("people", "level", 7, "level", "takeover.level"),
    ("people", "zone", 8, "site zone", "takeover.zone"),
    ("people", "formula", 9, "hours", "takeover.formula"),
    ("prices", "no currency", 3, "currency", "takeover.value_missing"),
    ("prices", "30 February", 5, "valid from", "takeover.date"),
    ("prices", "unknown currency", 6, "currency", "takeover.currency"),
    ("calendar", "country", 3, "country", "takeover.country"),
    ("calendar", "vat", 5, "VAT id", "takeover.vat"),
    ("calendar", "iban", 6, "IBAN", "takeover.iban"),
    ("calendar", "same person", 7, "reviewer", "takeover.same_person"),
    ("calendar", "unknown person", 8, "preparer", "takeover.person_unknown"),
    ("calendar", "entity twice", 14, "entity", "takeover.entity_twice"),
)


TWELVE = tuple(f"{name}wood" for name in case.CLIENTS)


def planted() -> list[Upload]:
    """The forty and the twelve with an error of each kind."""
    staff, priced, work = case.people(clients=TWELVE), case.prices(TWELVE), case.calendar(TWELVE)
    staff[4] = staff[4] | {"name": staff[0]["name"]}
    staff[5] = staff[5] | {"level": "6"}
    staff[6] = staff[6] | {"site zone": "Europe/Sofja"}
    staff[7] = staff[7] | {"hours": "=40*1"}
    priced[1] = priced[1] | {"currency": ""}
    priced[3] = priced[3] | {"valid from": "2026-02-30"}
    priced[4] = priced[4] | {"currency": "EUX"}
    work[1] = work[1] | {"country": "ZZ"}
    work[3] = work[3] | {"VAT id": "DE136695977"}
    work[4] = work[4] | {"IBAN": "DE89370400440532013001"}
    work[5] = work[5] | {"reviewer": work[5]["preparer"]}
    work[6] = work[6] | {"preparer": "Nobody Known"}
    work.append(work[7])
    return case.folder(staff, priced, work, TWELVE)


def test_planted_errors_are_all_named_at_line_and_column_and_nothing_is_half_kept(provider: By, taken: By) -> None:
    other = founded("Vistula Books Sp. z o.o.", "jan@vistula.example")
    before, key = numbers(other), bring(other, planted())
    with pytest.raises(BadInput) as bad:
        take_over(by=other, at=AT, takeover=key)
    found_here = {(where, reason.code) for where, reasons in bad.value.errors.items() for reason in reasons}
    for sheet, what, line, column, code in ERRORS:
        if code != "takeover.person_unknown":
            assert (f"{sheet}.{line}.{column}", code) in found_here, (what, sorted(found_here))
    assert numbers(other) == before
    with reading(other, AT):
        assert not Entry.objects.filter(kind="takeover.carried_out").exists()
        assert TakeoverDraft.objects.get(id=key).carried_out_at is None
    # The draft survives; a mended sheet takes the place of the one before, and the rest stays.
    mended = bring(other, [Upload.of("people.csv", case.sheet("people", case.people(clients=TWELVE)))], adds_to=key)
    with pytest.raises(BadInput) as still:
        take_over(by=other, at=AT, takeover=mended)
    places = {where.partition(".")[0] for where in still.value.errors}
    assert places == {"prices", "calendar"}
    # Whom the calendar names is compared once all people can be read.
    assert "calendar.8.preparer" in still.value.errors
    rest = [Upload.of("prices.csv", case.sheet("prices", case.prices(TWELVE))), Upload.of("calendar.xlsx", case.workbook("calendar", case.calendar(TWELVE)))]
    last = bring(other, rest, adds_to=mended)
    assert isinstance(take_over(by=other, at=AT, takeover=last), Done)
    assert numbers(other)["Engagement"] == 12


def test_a_failure_in_the_middle_leaves_nothing(provider: By) -> None:
    other = founded("Kaveri LLP", "rohan@kaveri.example")
    key = bring(other, case.folder(clients=("Poplar",), priced=case.prices(("Poplar",)), work=case.calendar(("Poplar",))))
    before = numbers(other)
    with mock.patch("remit.apps.work.takeover.months._staff", side_effect=RuntimeError("power cut")), pytest.raises(RuntimeError):
        take_over(by=other, at=AT, takeover=key)
    assert numbers(other) == before


def test_an_organization_with_members_confirms_and_nothing_of_it_is_opened(provider: By) -> None:
    other = founded("Marin Accounting", "ivan@marin.example")
    client = founded("Quince GmbH", "quinn@quince.example", kinds=("client",))
    with writing(client, AT):
        Entity.objects.create(organization_id=client.organization, name="Quince Werke GmbH", country="NL", currency="EUR", zone="Europe/Amsterdam")
    with reading(other, AT):
        reference = Organization.objects.get(pk=client.organization).reference
    staff = case.people(8, ("Quince",))
    rows = [case.calendar(("Quince",), staff=staff)[0]]
    priced = case.prices(("Quince",))
    clash = bring(other, case.folder(staff, priced, rows, clients=("Quince",)))
    with pytest.raises(BadInput) as bad:
        take_over(by=other, at=AT, takeover=clash)
    assert {reason.code for reasons in bad.value.errors.values() for reason in reasons} >= {"takeover.client_name"}
    named = [row | {"client reference": reference} for row in rows]
    assert isinstance(take_over(by=other, at=AT, takeover=bring(other, case.folder(staff, priced, named, clients=("Quince",)))), Done)
    with reading(other, AT):
        agreement = Agreement.objects.select_related("taken_over").get()
        assert not Entity.objects.exists()
        with pytest.raises(Refuse):
            must_be_confirmed(agreement, AT)
    assert isinstance(confirm_takeover(by=client, at=AT, agreement=agreement.id), Done)
    with reading(other, AT):
        must_be_confirmed(agreement, AT)
        assert Confirmation.objects.get().organization_id == client.organization
    again = confirm_takeover(by=client, at=AT, agreement=agreement.id)
    assert isinstance(again, Refused)
    with pytest.raises(NotFound):
        confirm_takeover(by=other, at=AT, agreement=agreement.id)


def test_it_waits_on_the_clients_today_until_it_is_confirmed(taken: By) -> None:
    other = founded("Today Books", "today@books.example")
    client = founded("Tulip GmbH", "tina@tulip.example", kinds=("client",))
    with reading(other, AT):
        reference = Organization.objects.get(pk=client.organization).reference
    staff = case.people(2, ("Tulip",))
    rows = [row | {"client reference": reference} for row in case.calendar(("Tulip",), staff=staff)]
    files_ = case.folder(staff, case.prices(("Tulip",)), rows, ("Tulip",))
    assert isinstance(take_over(by=other, at=AT, takeover=bring(other, files_)), Done)
    says = "Signed outside, taken over: Today Books asserts it."
    with browsing(client) as browser:
        assert says in browser.get(f"/o/{reference}/").content.decode()
        with reading(client, AT):
            agreement = Agreement.objects.get()
        page = f"/o/{reference}/agreements/{agreement.reference}/"
        shown = browser.get(page).content.decode()
        assert "has not confirmed it" in shown
        assert "Confirm it for your side" in shown
        assert browser.post(f"{page}confirm/").status_code == 303
        assert "Confirm it for your side" not in browser.get(page).content.decode()
        assert says not in browser.get(f"/o/{reference}/").content.decode()


def test_nobody_else_reads_what_was_brought(taken: By) -> None:
    stranger = founded("Stranger Ltd", "eve@stranger.example")
    with reading(taken, AT):
        key = TakeoverDraft.objects.values_list("id", flat=True)[0]
    with reading(stranger, AT):
        assert not TakeoverDraft.objects.exists()
        assert not TakenOver.objects.exists()
        assert not OpeningTime.objects.exists()
    with pytest.raises(NotFound):
        take_over(by=stranger, at=AT, takeover=key)
    with pytest.raises(NotFound):
        bring_takeover(by=stranger, at=AT, files=[Upload.of("a.pdf", case.CONTRACT)], adds_to=key)
    with reading(replace(taken, scoped=True), AT):
        assert not TakeoverDraft.objects.exists()


@contextmanager
def browsing(by: By) -> Any:
    """A browser signed in as them, at the hour of these tests."""
    browser = Client()
    browser.force_login(User.objects.get(id=str(by.user)), backend="django.contrib.auth.backends.ModelBackend")
    with mock.patch.object(clock, "now", return_value=AT):
        yield browser


def test_the_page_takes_files_shows_errors_beside_their_cells_and_takes_over(taken: By) -> None:
    other = founded("Page Books", "page@books.example")
    with reading(other, AT):
        home = f"/o/{Organization.objects.get(pk=other.organization).reference}/takeover/"
    with browsing(other) as browser:
        assert "text/csv" in browser.get(f"{home}template/people.csv").headers["Content-Type"]
        assert browser.get(f"{home}template/calendar.xlsx").content.startswith(b"PK")
        assert browser.get(f"{home}template/nothing.csv").status_code == 404
        titles, _notes, example = csv.reader(io.StringIO(browser.get(f"{home}template/calendar.csv").content.decode("utf-8-sig")))
        filled = dict(zip(titles, example, strict=True))
        assert (filled["bank ledger account"], filled["chart of accounts"]) == ("1200", "skr03"), "what the example's service asks is answered"
        start = browser.get(home)
        assert b"multiple" in start.content
        clients = ("Rowan", "Spruce")
        staff = case.people(12, clients)
        good = case.folder(staff, case.prices(clients), case.calendar(clients, staff=staff), clients)
        broken = case.sheet("people", [row | {"level": "9"} for row in staff[:1]] + staff[1:])
        answer = browser.post(f"{home}bring/", {"files": [_file("people.csv", broken), *(_file(each.name, each.content) for each in good[1:])]})
        assert answer.status_code == 303
        page = browser.get(answer.headers["Location"])
        text = page.content.decode()
        assert "“9” is no level. Write 1 (clerk) to 5 (principal)." in text
        assert 'class="wrong"' in text
        assert "1 line with an error is not counted." in text
        assert "carry-out" not in text
        draft = answer.headers["Location"].rstrip("/").rpartition("/")[2]
        mended = browser.post(f"{home}bring/", {"files": [_file("people.csv", good[0].content)], "adds_to": draft})
        ready = browser.get(mended.headers["Location"])
        assert "carry-out" in ready.content.decode()
        done = browser.post(f"{mended.headers['Location']}carry-out/")
        assert done.status_code == 303
        assert "refused" not in done.headers["Location"]
        listed = browser.get(f"{home.removesuffix('takeover/')}agreements/").content.decode()
        assert listed.count("signed outside, taken over") == 2
        with reading(other, AT):
            agreement = Agreement.objects.values_list("reference", flat=True)[0]
            engagement = Engagement.objects.values_list("reference", flat=True)[0]
        shown = browser.get(f"{home.removesuffix('takeover/')}agreements/{agreement}/").content.decode()
        assert "not decided here" in shown
        assert "not decided here" in browser.get(f"{home.removesuffix('takeover/')}engagements/{engagement}/").content.decode()


def _file(name: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content)


def test_whoever_is_no_administrator_takes_nothing_over(taken: By) -> None:
    nobody = replace(taken, membership=uuid7())
    result = bring_takeover(by=nobody, at=AT, files=[Upload.of("people.csv", case.sheet("people", case.people(1)))])
    assert isinstance(result, Refused)
