"""One mail a day of what needs a member, at their hour and on their clock; none where nothing does, and none to whom did not ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import Digest, Message
from remit.apps.records.models import Entry
from remit.front.digests import write_digests
from tests.world import handed_in, opened

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def played(world: World) -> World:
    """Something waits for Arun; nothing for Kavitha. It is Monday, 09:xx in Berlin."""
    handed_in(world, opened(world))
    return world


def written(world: World) -> int:
    with world.clock():
        return write_digests()


def test_nobody_gets_what_they_did_not_ask_for(played: World) -> None:
    assert written(played) == 0


def test_it_comes_once_a_day_at_its_hour_in_its_language(played: World) -> None:
    for wrong, field in (({"zone_name": "Sofia"}, "zone_name"), ({"hour": 24}, "hour"), ({"language": "xx"}, "language")):
        with pytest.raises(BadInput) as bad:
            played.act("arun", "plan_digest", **({"hour": 8, "zone_name": "Europe/Sofia"} | wrong))
        assert set(bad.value.errors) == {field}
    done = played.do("arun", "plan_digest", hour=23, zone_name="Europe/Sofia", language="de")
    assert played.one("maya", Entry, id=done.entry).kind == "digest.planned"
    assert written(played) == 0, "not before its hour"
    played.do("arun", "plan_digest", hour=0, zone_name="Europe/Sofia", language="de", workdays_only=False)
    played.do("kavitha", "plan_digest", hour=0, zone_name="Asia/Kolkata", workdays_only=False)
    assert written(played) == 1
    assert written(played) == 0, "once"
    row = played.one("arun", Digest, membership=played.by("arun").membership)
    mail = played.one("arun", Message, id=row.message_id)
    assert (mail.kind, mail.language, row.things) == ("digest", "de", 1)
    assert "WI-" in mail.body
    assert f"/o/{played.rila.reference}/" in mail.body
    assert mail.body.startswith("Arun Iyer")
    empty = played.one("kavitha", Digest, membership=played.by("kavitha").membership)
    assert (empty.things, empty.message_id) == (0, None)
    played.now += timedelta(days=1)
    assert written(played) == 1
    played.do("arun", "end_digest")
    played.now += timedelta(days=1)
    assert written(played) == 0


def test_working_days_alone(played: World) -> None:
    played.do("maya", "plan_digest", hour=0, zone_name="Europe/Sofia", workdays_only=True)
    played.now += timedelta(days=(5 - played.now.weekday()) % 7)
    assert played.now.weekday() == 5
    before = written(played)
    with played.see("maya"):
        assert not Digest.objects.filter(membership=played.by("maya").membership).exists(), before
    played.now += timedelta(days=2)
    written(played)
    with played.see("maya"):
        assert Digest.objects.filter(membership=played.by("maya").membership).count() == 1


def test_its_page(played: World) -> None:
    with played.clock():
        browser = played.browser("arun")
        page = played.path("arun", "organization/digest/")
        assert browser.get(page).status_code == 200
        assert browser.post(page, {"hour": "99", "zone_name": "Europe/Sofia", "language": "en"}).status_code == 422
        assert browser.post(page, {"hour": "7", "zone_name": "Europe/Sofia", "language": "fr", "workdays_only": "on"}).status_code == 303
        shown = browser.get(page).content.decode()
        assert "It comes at 7:00, Europe/Sofia" in shown
        assert "2 things" not in shown
        assert browser.post(page + "end/").status_code == 303
        assert browser.post(page + "end/").status_code in (404, 422)
