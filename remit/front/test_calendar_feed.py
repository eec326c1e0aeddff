"""One's due dates as a private calendar: by its secret address alone, without the client's data, gone when revoked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest
from django.test import Client

from remit.apps.organizations.acting import BadInput
from remit.apps.organizations.models import ApiToken
from remit.apps.organizations.tokens import issue_token
from remit.front import calendar_feed
from remit.front.pages.limits import Buckets
from tests.world import handed_in, opened

if TYPE_CHECKING:
    from tests.world import World


@pytest.fixture(scope="module")
def played(world: World) -> World:
    handed_in(world, opened(world))
    return world


def test_the_address_is_made_on_the_page_and_shows_what_is_due(played: World) -> None:
    with played.clock():
        browser = played.browser("arun")
        page = played.path("arun", "organization/tokens/")
        made = browser.post(page + "calendar/")
        found = re.search(r"/calendar/(rmt_\w+)\.ics", made.content.decode())
        assert found is not None
        assert found[1] not in browser.get(page).content.decode(), "shown once"
        answer = Client().get(found[0])
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        today = Client().get(f"/api/v1/o/{played.rila.reference}/today", HTTP_AUTHORIZATION=f"Bearer {read_token(played)}").json()
        events = list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))
        assert len(events) == len([row for row in today if row["due_at"]]) > 0
        assert {str(event["summary"]) for event in events} == {f"{row['title']} ({row['reference']})" for row in today if row["due_at"]}
        assert all(event["dtend"].dt.utcoffset() == timedelta() for event in events)
        assert b"Halden" not in answer.content, "whose work it is stands behind the link"
        again = Client().get(found[0], HTTP_IF_NONE_MATCH=answer["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert Client().head(found[0]).status_code == 200
        assert Client().post(found[0]).status_code == 405
        with played.see("arun"):
            token = ApiToken.objects.get(scopes=["calendar"], revoked_at=None)
        played.do("arun", "revoke_token", token=str(token.id))
        assert Client().get(found[0]).status_code == 404


def read_token(world: World) -> str:
    return issue_token(by=world.by("arun"), at=world.now, name="t", scopes=["read"], days=30)[0]


def test_it_opens_nothing_else_and_nothing_else_opens_it(played: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with played.clock():
        alone, _done = issue_token(by=played.by("arun"), at=played.now, name="c", scopes=["calendar"], days=30)
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {alone}"}
        assert Client().get(f"/api/v1/o/{played.rila.reference}/today", **bearer).status_code == 403
        assert Client().get(f"/api/v1/o/{played.rila.reference}/items", **bearer).status_code == 403
        assert Client().get(f"/calendar/{read_token(played)}.ics").status_code == 404, "a token that may more is no address"
        with pytest.raises(BadInput):
            issue_token(by=played.by("arun"), at=played.now, name="c", scopes=["calendar", "read"], days=30)
        monkeypatch.setattr(calendar_feed, "UNKNOWN", Buckets(burst=2, per_minute=1))
        answers = [Client().get(f"/calendar/rmt_{number}.ics").status_code for number in range(3)]
        assert answers == [404, 404, 429]
