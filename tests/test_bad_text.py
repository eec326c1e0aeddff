"""Characters that no text has, and refusals without a way back: an answer a person understands at every door, and never a 500."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from remit.apps.organizations.acting import ACTIONS

if TYPE_CHECKING:
    from tests.world import World

BAD = "a\x00b"


@pytest.fixture(scope="module")
def token(world: World) -> str:
    from remit.apps.organizations.tokens import issue_token

    return issue_token(by=world.by("maya"), at=world.now, name="bad", scopes=["*"], days=300)[0]


@pytest.mark.parametrize("name", sorted(name for name, action in ACTIONS.items() if action.input.model_fields))
@pytest.mark.parametrize("bad", [BAD, "\ud800"])
def test_every_action_names_the_field_over_the_api(world: World, token: str, name: str, bad: str) -> None:
    from django.test import Client

    fields = list(ACTIONS[name].input.model_fields)
    body = json.dumps(dict.fromkeys(fields, bad))
    with world.clock():
        answer = Client(raise_request_exception=False).post(
            "/api/v1" + world.path("maya", f"actions/{name.replace('_', '-')}"), body, "application/json", headers={"authorization": f"Bearer {token}"}
        )
    assert answer.status_code == 422, answer.content
    errors: dict[str, Any] = answer.json()["errors"]
    assert {field: [each["code"] for each in errors[field]] for field in fields} == {field: ["input.not_text"] for field in fields}
    assert all(errors[field][0]["says"].startswith(field) for field in fields)


@pytest.mark.parametrize("key", [BAD, "k" * 201])
def test_an_idempotency_key_that_cannot_be_kept(world: World, key: str) -> None:
    from remit.apps.organizations.acting import BadInput

    with pytest.raises(BadInput) as bad:
        ACTIONS["publish_profiles"](by=world.by("maya"), at=world.now, key=key)
    assert list(bad.value.errors) == ["idempotency_key"]


@pytest.mark.parametrize(
    ("rest", "status"),
    [("briefs/%00/", 404), ("record/?q=%00", 200), ("people/?q=a%00", 200), ("palette/?q=%00", 200), ("record/?%00=1", 200), ("work/?refused=%00", 200)],
)
def test_an_address_that_is_no_text(world: World, rest: str, status: int) -> None:
    with world.clock():
        browser = world.browser("maya")
        browser.raise_request_exception = False
        assert browser.get(world.path("maya", rest)).status_code == status


def test_no_view_is_given_it() -> None:
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    from remit.front.middleware import text_only

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("|".join(f"{name}={value}" for name, values in request.GET.lists() for value in values))

    asked = RequestFactory().get("/", {"q": ["a\x00b", "Sofia\tZürich"], "k\x01": "v"})
    assert text_only(view)(asked).content.decode() == "q=a\ufffdb|q=Sofia\tZürich|k\ufffd=v"


def test_every_list_stands_any_filter(world: World) -> None:
    """Every page of an organization that lists something, with every filter of the house."""
    with world.clock():
        browser = world.browser("maya")
        browser.raise_request_exception = False
        for page in ("", "agreements/", "briefs/", "functions/", "shortlists/", "staffing/", "work/", "record/", "invoices/", "review/", "people/", "palette/"):
            for name in ("check", "line", "page", "q", "refused", "seller", "show", "sort", "week", "kind", "outcome"):
                assert browser.get(world.path("maya", page), {name: "a\x00b"}).status_code in (200, 404), (page, name)


@pytest.mark.parametrize("asked_from", ["", "http://elsewhere.example/o/x/", "//elsewhere.example", "http://testserver{page}name/", "http://testserver{page}"])
def test_a_refusal_goes_back_to_the_nearest_page(world: World, asked_from: str) -> None:
    """A reader may not name a function; the address of that verb has no page of its own, but the one above has."""
    page = world.path("rita", "functions/")
    with world.clock():
        browser = world.browser("rita")
        answer = browser.post(f"{page}name/", {"name": "Payroll", "service": "payroll"}, headers={"referer": asked_from.format(page=page)}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(f"{page}?refused=")
    assert answer.status_code == 200
    assert answer.context["refusal"][0].code.startswith("role.")


def test_a_reader_who_has_seen_enough() -> None:
    """`remit-verify` into a pipe that is closed: no traceback, and no success."""
    program = f"{sys.executable} -m remit.formats.packs.verify"
    ended = subprocess.run(
        ["bash", "-c", f"{program} --json {' '.join(['tests/packs/v1.zip'] * 60)} | true; echo ${{PIPESTATUS[0]}}"], capture_output=True, text=True, check=True
    )
    assert "Traceback" not in ended.stderr
    assert ended.stdout.strip() == "141"


def test_a_refusal_by_a_rule_that_is_gone_is_said_as_it_was_recorded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service line or rule may leave with an upgrade; what it refused stays readable."""
    from remit.domain import reasons

    with world.clock():
        browser = world.browser("rita")
        page = world.path("rita", "functions/")
        sent = browser.post(f"{page}name/", {"name": "Payroll", "service": "payroll"}, headers={"referer": f"http://testserver{page}"})
        monkeypatch.delitem(reasons.SENTENCES, "role.missing")
        answer = browser.get(sent["Location"])
    assert answer.status_code == 200
    assert "This needs the role" in answer.content.decode()
