"""Told once, to one owner, by one channel, outside quiet hours; opened by the link alone, signed in; over when it needs them no more."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import Digest, DigestPlan, Message, Notification
from remit.apps.records.models import Entry
from remit.front.at_once import tell_at_once
from remit.front.digests import write_digests
from tests import world as worlds

if TYPE_CHECKING:
    from tests.world import World

NEVER = {"hour": 23, "zone_name": "Europe/Berlin", "workdays_only": True}


@pytest.fixture(scope="module")
def played(world: World) -> World:
    """Handed in: Arun reviews it. Monday, about 09:00 in Berlin."""
    worlds.handed_in(world, worlds.opened(world))
    return world


def told(world: World) -> int:
    with world.clock():
        return tell_at_once()


def rows(world: World, seat: str, **fields: object) -> list[Notification]:
    with world.see(seat):
        return list(Notification.objects.filter(membership=world.by(seat).membership, **fields).order_by("told_at", "id"))


def mail_of(world: World, seat: str, row: Notification) -> Message:
    found: Message = world.one(seat, Message, id=row.message_id)
    return found


def test_channels_are_chosen_once_there_is_a_plan(played: World) -> None:
    with pytest.raises(BadInput) as bad:
        played.act("arun", "choose_channels", at_once=["step"])
    assert [reason.code for reason in bad.value.errors["plan"]] == ["notifications.no_plan"]
    played.do("arun", "plan_digest", **NEVER)
    for wrong, field in (
        ({"at_once": ["step"], "only_today": ["step"]}, "at_once"),
        ({"quiet_from": 22}, "quiet_until"),
        ({"quiet_from": 22, "quiet_until": 24}, "quiet_until"),
        ({"at_once": ["gossip"]}, "at_once.0"),
    ):
        with pytest.raises(BadInput) as bad:
            played.act("arun", "choose_channels", **wrong)
        assert set(bad.value.errors) == {field}
    done = played.do("arun", "choose_channels", at_once=["step"], only_today=["credential"], quiet_from=20, quiet_until=7)
    assert played.one("arun", Entry, id=done.entry).kind == "notifications.chosen"


def test_it_is_told_at_once_and_once(played: World) -> None:
    assert told(played) == 1
    assert told(played) == 0
    (row,) = rows(played, "arun")
    assert (row.kind, row.channel, row.opened_at, row.over_at) == ("step", "once", None, None)
    assert row.about_reference.startswith("WI-")
    mail = mail_of(played, "arun", row)
    assert (mail.kind, mail.to_name) == ("event", "Arun Iyer")
    assert row.about_reference in mail.subject
    assert f"/told/{row.id}/" in mail.body


def test_the_digest_leaves_out_what_came_at_once_and_what_stands_on_today_only(played: World) -> None:
    played.do("arun", "plan_digest", hour=0, zone_name="Europe/Berlin", workdays_only=False)
    with played.clock():
        assert write_digests() == 0
    assert played.one("arun", Digest, membership=played.by("arun").membership).things == 0


def test_only_the_member_opens_it_signed_in(played: World) -> None:
    (row,) = rows(played, "arun")
    link = f"/told/{row.id}/"
    with played.clock():
        scanner = Client().get(link)
        assert (scanner.status_code, scanner.headers["Location"]) == (302, f"/sign-in/?next={link}")
        assert played.browser("maya").get(link).status_code == 404
        assert played.browser("petra").get(link).status_code == 404
        reader = played.browser("arun")
        assert reader.head(link).status_code == 302
        assert reader.post(link).status_code == 405
        assert rows(played, "arun")[0].opened_at is None
        answer = reader.get(link)
        assert answer.status_code == 302
        assert row.about_reference in answer.headers["Location"]
        assert reader.get(answer.headers["Location"]).status_code == 200
        first = rows(played, "arun")[0].opened_at
        assert first is not None
    played.now += timedelta(minutes=5)
    with played.clock():
        reader.get(link)
    assert rows(played, "arun")[0].opened_at == first, "the first time counts"
    assert reader.get("/told/0190a8a0-0000-7000-8000-000000000000/").status_code == 404


def test_it_stands_on_the_item_for_ones_own_side(played: World) -> None:
    (row,) = rows(played, "arun")
    with played.clock():
        page = played.browser("maya").get(played.path("maya", f"work/{row.about_reference}/")).content.decode()
        part = re.search(r'<section[^>]*aria-labelledby="h-told".*?</section>', page, re.S)
        assert part is not None
        assert "Arun Iyer" in part[0]
        assert "opened" in part[0]
        assert 'aria-labelledby="h-told"' not in played.browser("petra").get(played.path("petra", f"work/{row.about_reference}/")).content.decode()


def test_it_is_over_when_it_needs_them_no_more_and_told_anew_when_it_does_again(played: World) -> None:
    from remit.apps.work.models import Deliverable

    made = played.one("arun", Deliverable)
    played.do("elena", "plan_digest", **NEVER)
    played.do("elena", "choose_channels", at_once=["step"])
    finding = {"category": "figure", "severity": "minor", "says": "Odd"}
    played.do("arun", "review", deliverable=str(made.id), verdict="returned", findings=[finding])
    assert told(played) == 1, "Elena has it back"
    (row,) = rows(played, "arun")
    assert row.over_at is not None
    (back,) = rows(played, "elena")
    assert "|arrow-back-up|" in back.event
    with played.clock():
        page = played.browser("maya").get(played.path("maya", f"work/{row.about_reference}/")).content.decode()
    part = re.search(r'<section[^>]*aria-labelledby="h-told".*?</section>', page, re.S)
    assert part is not None
    assert "answered" in part[0], "by the record: Arun reviewed it"


def test_quiet_hours_hold_it_until_they_end(played: World) -> None:
    before = len(rows(played, "elena"))
    played.do("elena", "choose_channels", at_once=["step", "question"], quiet_from=0, quiet_until=23, quiet_weekends=True)
    key = _item(played, rows(played, "elena")[0].about_reference)
    played.do("jonas", "ask_provider", item=key, question="Is it final?")
    assert told(played) == 0
    assert len(rows(played, "elena")) == before
    again = played.one("elena", DigestPlan, membership=played.by("elena").membership).look_again_at
    assert again is not None
    assert again - played.now <= timedelta(hours=1)
    played.now += timedelta(days=(6 - played.now.weekday()) % 7)
    assert told(played) == 0, "Sunday is quiet, too"
    played.now = played.now.replace(hour=22, minute=30) + timedelta(days=1)  # 23:30 on Monday in Berlin
    assert told(played) == 1
    assert len(rows(played, "elena")) > before


def _item(world: World, reference: str) -> str:
    from remit.apps.work.models import WorkItem

    return str(world.one("elena", WorkItem, reference=reference).id)


def test_one_owner_for_what_several_could_do(played: World) -> None:
    """Unstaffed steps are any manager's: the first who is told owns it; who is away owns nothing, and their deputy is told."""
    worlds.scoped(played, "rila", "maya", "mila", {"role": "manager", "scope": "organization"})
    played.rila.seats["mila"] = replace(played.rila.seats["mila"], scoped=False)
    for seat in ("maya", "mila"):
        played.do(seat, "plan_digest", **NEVER)
        played.do(seat, "choose_channels", at_once=["staffing"])
    item = rows(played, "arun")[0].about_reference
    played.do("maya", "unassign", item=_item(played, item), step="review")
    assert told(played) == 1
    assert [len(rows(played, seat, kind="staffing")) for seat in ("maya", "mila")] == [1, 0]
    worlds.deputy(played, "rila", "maya", "mila")
    assert told(played) == 1, "Mila stands in for Maya"
    (row,) = rows(played, "mila", kind="staffing")
    assert row.instead_of_id in (None, played.by("maya").membership)
    assert rows(played, "maya", kind="staffing", over_at=None) == [], "while she is away nothing is hers"


def test_nobody_is_looked_at_where_nothing_happens(played: World) -> None:
    played.now += timedelta(seconds=11)
    told(played)
    played.now += timedelta(seconds=30)
    with played.clock(), CaptureQueriesContext(connection) as asked:
        assert tell_at_once() == 0
    assert len(asked) == 1
    with played.clock(), connection.cursor() as cursor:
        cursor.execute("select count(*) from looks_due(%s, 100)", [played.now + timedelta(hours=1)])
        assert cursor.fetchone()[0] >= 3, "what arises by the clock alone is found within the hour"


def test_the_page_of_it(played: World) -> None:
    with played.clock():
        browser = played.browser("arun")
        page = played.path("arun", "organization/digest/")
        kinds = dict.fromkeys(("step", "accept", "staffing", "question", "matter", "month", "contract", "credential", "mail"), "digest")
        wrong = browser.post(f"{page}channels/", kinds | {"quiet_from": "22"})
        assert wrong.status_code == 422
        assert "Quiet hours have a beginning and an end." in wrong.content.decode()
        assert browser.post(f"{page}channels/", kinds | {"step": "pigeon"}).status_code == 422
        assert browser.post(f"{page}channels/", kinds | {"step": "once", "mail": "today", "quiet_from": "21", "quiet_until": "6"}).status_code == 303
        plan = played.one("arun", DigestPlan, membership=played.by("arun").membership)
        assert (plan.at_once, plan.only_today, plan.quiet_from, plan.quiet_until, plan.quiet_weekends) == (["step"], ["mail"], 21, 6, False)
        shown = browser.get(page).content.decode()
        assert re.search(r'<select name="step".*?<option value="once" selected', shown, re.S)
        assert "What you were told" in shown
