"""The pages from the function to the award, over HTTP on the small market: what each shows and keeps, and that nobody else reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from remit.apps.sourcing.models import Assessment, Award, Brief, Function, Shortlist
from remit.lines import lines
from tests import world as worlds
from tests.world import World


@pytest.fixture(autouse=True)
def now(world: World) -> Iterator[None]:
    with world.clock():
        yield


@pytest.fixture(scope="module")
def petra(world: World) -> Client:
    return world.browser("petra")


@pytest.fixture(scope="module")
def awarded(world: World) -> Award:
    """A whole stage, from a function to its award."""
    done = worlds.awarded(world, worlds.assessed(world))
    award: Award = world.one("petra", Award, id=done.id)
    return award


def text(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def release(number: int, **tender: Any) -> dict[str, Any]:
    """A made-up OCDS release that says who buys, what, when and for how much."""
    return {
        "ocid": f"ocds-made-{number}", "id": f"{number}", "date": "2026-08-01T09:00:00Z", "tag": ["tender"], "initiationType": "tender", "language": "en",
        "parties": [{"id": "b", "name": "Halden", "roles": ["buyer"], "address": {"countryName": "Germany"}}], "buyer": {"id": "b", "name": "Halden"},
        "tender": {
            "id": "t", "title": f"Bookkeeping of company {number}", "description": "Bookkeeping in SAP. Confidential personal data are processed.",
            "status": "active", "mainProcurementCategory": "services",
            "items": [{"id": "1", "classification": {"scheme": "CPV", "id": "79211100", "description": "Bookkeeping services"}}],
            "value": {"amount": 54000, "currency": "EUR"},
            "contractPeriod": {"startDate": "2026-12-01T00:00:00Z", "endDate": "2028-11-30T00:00:00Z"},
        } | tender,
    }  # fmt: skip


def sent(browser: Client, world: World, content: bytes, name: str = "notice.json", **more: Any) -> Any:
    return browser.post(world.path("petra", "briefs/new/notice/"), {"file": SimpleUploadedFile(name, content), **more})


def made(world: World, model: Any, answer: Any) -> Any:
    """What a redirect leads to."""
    assert answer.status_code == 303, text(answer)
    return world.one("petra", model, reference=answer["Location"].rstrip("/").rpartition("/")[2])


def test_a_function_is_named_assessed_and_overruled_with_a_reason(world: World, petra: Client) -> None:
    function = made(world, Function, petra.post(world.path("petra", "functions/name/"), {"name": "Month end", "service": "bookkeeping"}))
    path = world.path("petra", f"functions/{function.reference}/")
    assert "Not assessed yet" in text(petra.get(path))
    assert petra.post(f"{path}assess/", {"country": "DE"}).status_code == 303
    page = petra.get(path)
    with world.see("petra"):
        tasks = Assessment.objects.get(function=function).tasks
    assert len(tasks) == len(lines()["bookkeeping"].tasks)
    for task in tasks:
        assert task["says"] in text(page)
    assert "Steuerberatungsgesetz" in text(page)
    assert "In Germany" in text(page)
    task = next(task for task in tasks if task["class"] == "bpo")
    chosen = {f"class-{each['code']}": each["class"] for each in tasks} | {f"proposed-{each['code']}": each["proposed"] for each in tasks}
    refused = petra.post(f"{path}assess/", chosen | {f"class-{task['code']}": "keep"})
    assert refused.status_code == 422
    assert "why" in text(refused).lower()
    assert petra.post(f"{path}assess/", chosen | {f"class-{task['code']}": "keep", f"reason-{task['code']}": "We trust nobody with it"}).status_code == 303
    page = text(petra.get(path))
    assert "overruled: We trust nobody with it" in page
    assert "proposed: BPO" in page
    assert "1 overruled" in page
    brief = made(world, Brief, petra.post(f"{path}brief/"))
    assert (brief.function_id, brief.service, brief.title) == (function.id, "bookkeeping", "Month end")
    assert brief.reference in text(petra.get(path))


def test_a_name_that_is_missing_comes_back_with_the_form(world: World, petra: Client) -> None:
    answer = petra.post(world.path("petra", "functions/name/"), {"service": "payroll"})
    assert answer.status_code == 422
    assert '<option value="payroll" selected>' in answer.content.decode()


def test_a_notice_stands_beside_its_answers(world: World, petra: Client) -> None:
    brief = made(world, Brief, sent(petra, world, json.dumps(release(1)).encode()))
    page = petra.get(world.path("petra", f"briefs/{brief.reference}/"))
    source, said = page.content.decode(), text(page)
    for words in ("Bookkeeping of company 1", "1 Dec 2026", "€54,000.00", "Germany", "hint.cpv"):
        assert (words in said) == (words != "hint.cpv"), words
    marks = set(re.findall(r'<mark id="m(\d+)">', source))
    assert marks >= set(re.findall(r'href="#m(\d+)"', source)) != set()
    assert "Not in the notice, asked now" in said
    assert "Prices are quoted by level" in said
    file = petra.get(world.path("petra", f"briefs/{brief.reference}/notice/"))
    assert json.loads(file.content) == release(1)
    assert file["Content-Disposition"].startswith("attachment")


def test_of_several_notices_one_is_chosen_without_the_file_again(world: World, petra: Client) -> None:
    package = {"uri": "x", "publishedDate": "2026-08-01T09:00:00Z", "version": "1.1", "publisher": {"name": "x"}, "releases": [release(1), release(2)]}
    asked = sent(petra, world, json.dumps(package).encode())
    assert asked.status_code == 422
    assert "2 · Bookkeeping of company 2" in text(asked)
    held = dict(re.findall(r'name="(held\w*)" value="([^"]+)"', asked.content.decode()))
    chosen = petra.post(world.path("petra", "briefs/new/notice/"), held | {"number": "2"})
    brief = made(world, Brief, chosen)
    assert brief.title == "Bookkeeping of company 2"
    assert "notice 2 of 2 in the file" in text(petra.get(world.path("petra", f"briefs/{brief.reference}/")))


NO_NOTICES = {
    "empty": b"",
    "text": b"junk",
    "cut": b"{",
    "form": b"<a/>",
    "binary": b"\x00\xff" * 90,
    "doctype": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "deep": b"[" * 9000,
}


@pytest.mark.parametrize("content", NO_NOTICES.values(), ids=NO_NOTICES.keys())
def test_a_file_that_is_no_notice_is_answered_on_the_page(world: World, petra: Client, content: bytes) -> None:
    answer = sent(petra, world, content, "a.xml")
    assert answer.status_code == 422
    assert "a.xml" in text(answer)


def test_no_file_at_all_and_a_broken_held_one(world: World, petra: Client) -> None:
    for given in ({}, {"held": "%%%", "held_name": "x.json", "number": "1"}):
        assert petra.post(world.path("petra", "briefs/new/notice/"), given).status_code == 422


def test_what_the_house_has_on_file_is_offered_and_kept_only_when_saved(world: World, petra: Client) -> None:
    brief = made(world, Brief, petra.post(world.path("petra", "briefs/new/typed/"), {"title": "Typed", "service": "bookkeeping"}))
    path = world.path("petra", f"briefs/{brief.reference}/")
    page = petra.get(path)
    assert "Offered from your site München: kept when you save." in text(page)
    assert 'name="q-zone" value="Europe/Berlin"' in page.content.decode()
    assert "zone" not in brief.answers
    saved = petra.post(f"{path}answers/", {"version": brief.version, "q-zone": "Europe/Berlin", "q-opens": "08:00", "q-level": "2", "q-language": ""})
    assert saved.status_code == 303
    kept = world.one("petra", Brief, id=brief.id).answers
    assert (kept["zone"]["from"], kept["opens"]["from"], kept["level"]["value"]) == ("site", "typed", "2")
    assert "language" not in kept
    assert "your site München" in text(petra.get(path))


def test_wrong_answers_come_back_with_what_was_typed(world: World, petra: Client) -> None:
    brief = made(world, Brief, petra.post(world.path("petra", "briefs/new/typed/"), {"title": "Wrong", "service": "bookkeeping"}))
    answer = petra.post(world.path("petra", f"briefs/{brief.reference}/answers/"), {"q-start": "tomorrow", "q-hours_a_month": "many", "q-level": "3"})
    assert answer.status_code == 422
    assert "tomorrow is no date" in text(answer)
    assert 'value="many"' in answer.content.decode()
    assert answer.content.decode().count('aria-invalid="true"') == 2
    assert "level" not in world.one("petra", Brief, id=brief.id).answers


def test_the_page_asks_which_part_of_a_country_and_a_brief_without_it_is_not_complete(world: World, petra: Client) -> None:
    brief = worlds.briefed(world, client_country="GB")
    path = world.path("petra", f"briefs/{brief.reference}/")
    page = text(petra.get(path))
    for words in ("The part of your country whose law holds", "England and Wales", "Northern Ireland", "Scotland", "1 to ask"):
        assert words in page, words
    assert world.refused("petra", "draw_shortlist", brief=str(brief.id)) == ("brief.not_complete",)
    version = world.one("petra", Brief, id=brief.id).version
    assert petra.post(f"{path}answers/", {"version": version, "q-client_part": "GB-EAW"}).status_code == 303
    assert world.one("petra", Brief, id=brief.id).completed_at
    assert "England and Wales" in text(petra.get(path))
    moved = {"version": version + 1, "q-client_part": "GB-EAW", "q-client_country": "DE"}
    assert petra.post(f"{path}answers/", moved).status_code == 303
    kept = world.one("petra", Brief, id=brief.id)
    assert "client_part" not in kept.answers
    assert kept.completed_at


def test_a_stale_page_is_told_so(world: World, petra: Client) -> None:
    brief = made(world, Brief, petra.post(world.path("petra", "briefs/new/typed/"), {"title": "Stale", "service": "bookkeeping"}))
    path = world.path("petra", f"briefs/{brief.reference}/answers/")
    assert petra.post(path, {"version": "1", "q-level": "2"}).status_code == 303
    assert petra.post(path, {"version": "1", "q-level": "3"}).status_code == 409


def test_the_shortlist_is_drawn_shown_awarded_and_leads_to_the_agreement(world: World, petra: Client) -> None:
    brief = worlds.briefed(world)
    path = world.path("petra", f"briefs/{brief.reference}/shortlist/")
    assert "Not drawn yet" in text(petra.get(path))
    assert petra.post(f"{path}draw/").status_code == 303
    page = petra.get(path)
    said, source = text(page), page.content.decode()
    assert "2 providers of 3 pass every hard rule" in said
    for words in ("Rila Ledger", "Vistula Controllership", "Kaveri Knowledge Services", "€34.00", "€48,960.00", "Saves", "Bilanzbuchhalter (DE) verified"):
        assert words in said, words
    assert "Steuerberatungsgesetz" in said.partition("is out")[2]
    assert said.count("Conditions that hold") == 2
    assert "Language German at C1" in said.partition("is out")[0]
    assert source.count('class="viz strip"') == 2
    assert 'class="viz trade"' in source
    by_cost = text(petra.get(f"{path}?sort=hours"))
    assert by_cost.index("Vistula Controllership") < by_cost.index("Rila Ledger")
    award = world.path("petra", f"briefs/{brief.reference}/award/")
    assert petra.post(award, {"provider": str(world.rila.key)}).status_code == 422
    out = petra.post(award, {"provider": str(world.kaveri.key), "reason": "Cheap"}, headers={"referer": f"http://testserver{path}"})
    assert "does not pass" in text(petra.get(out["Location"]))
    done = petra.post(award, {"provider": str(world.rila.key), "reason": "A day together"})
    assert done.status_code == 303
    page = petra.get(path)
    given = world.one("petra", Award, brief=brief.id)
    assert f'name="award" value="{given.id}"' in page.content.decode()
    assert "A day together" in text(page)
    assert page.content.decode().count("awarded</span>") == 1
    world.do("petra", "draft_agreement", award=str(given.id))
    assert 'name="award"' not in petra.get(path).content.decode()
    assert "Save the answers" not in text(petra.get(world.path("petra", f"briefs/{brief.reference}/")))


def test_a_brief_that_changed_asks_for_a_new_shortlist(world: World, petra: Client) -> None:
    brief, _ = worlds.shortlisted(world)
    world.do("petra", "answer_brief", brief=str(brief.id), answers={"level": "3"})
    page = text(petra.get(world.path("petra", f"briefs/{brief.reference}/shortlist/")))
    assert "The brief changed since this was drawn" in page
    assert "Your reason" not in page
    assert "the brief changed since" in text(petra.get(world.path("petra", "shortlists/")))


def test_an_incomplete_brief_says_what_it_lacks(world: World, petra: Client) -> None:
    brief = made(world, Brief, petra.post(world.path("petra", "briefs/new/typed/"), {"title": "Half", "service": "bookkeeping"}))
    path = world.path("petra", f"briefs/{brief.reference}/shortlist/")
    assert "Least level of who prepares the work" in text(petra.get(path))
    refused = petra.post(f"{path}draw/", headers={"referer": f"http://testserver{path}"})
    assert "still lacks" in text(petra.get(refused["Location"]))


def test_a_reader_without_the_role_is_refused_in_words(world: World) -> None:
    path = world.path("petra", "functions/")
    answer = world.browser("rita").post(f"{path}name/", {"name": "X", "service": "payroll"}, headers={"referer": f"http://testserver{path}"})
    assert "Refused" in text(world.browser("rita").get(answer["Location"]))


def addresses(world: World, award: Award) -> list[str]:
    """Every page of the stage, of one thread."""
    with world.see("petra"):
        brief = Brief.objects.select_related("function").get(id=award.brief_id)
        function = brief.function
    assert function is not None
    one, other = f"functions/{function.reference}/", f"briefs/{brief.reference}/"
    return ["functions/", one, "briefs/", "briefs/new/", other, f"{other}shortlist/", "shortlists/"]


VERBS = ("functions/name/", "briefs/new/typed/", "briefs/new/notice/")


def test_nobody_and_no_other_organization_opens_a_page(world: World, awarded: Award) -> None:
    pages = addresses(world, awarded)
    posts = [*VERBS, *(f"{pages[1]}{verb}/" for verb in ("assess", "brief")), *(f"{pages[4]}{verb}/" for verb in ("answers", "award", "shortlist/draw"))]
    with world.see("petra"):
        before = (Function.objects.count(), Brief.objects.count(), Shortlist.objects.count(), Assessment.objects.count())
    for seat in ("maya", "kavitha", "ivan", None):
        browser = world.browser(seat)
        for page in [*pages, f"{pages[4]}notice/"]:
            assert browser.get(world.path("petra", page)).status_code == (302 if seat is None else 404), page
        for page in posts:
            assert browser.post(world.path("petra", page), {"name": "X", "title": "X"}).status_code == (302 if seat is None else 404), page
    with world.see("petra"):
        assert before == (Function.objects.count(), Brief.objects.count(), Shortlist.objects.count(), Assessment.objects.count())


def test_foreign_references_are_not_found_in_ones_own_organization(world: World, awarded: Award) -> None:
    """The provider that won, another one and the auditor look for the client's things under their own address."""
    pages = addresses(world, awarded)
    for seat in ("maya", "kavitha", "ivan"):
        browser = world.browser(seat)
        for page in (pages[1], pages[4], f"{pages[4]}shortlist/", f"{pages[4]}notice/"):
            assert browser.get(world.path(seat, page)).status_code == 404, page
        for page in (f"{pages[1]}assess/", f"{pages[1]}brief/", f"{pages[4]}answers/", f"{pages[4]}award/", f"{pages[4]}shortlist/draw/"):
            assert browser.post(world.path(seat, page), {"provider": str(world.rila.key), "reason": "X"}).status_code == 404, page


def test_a_provider_sees_the_award_without_money_and_reason_and_others_nothing(world: World, awarded: Award) -> None:
    won = text(world.browser("maya").get(world.path("maya", "briefs/")))
    assert "Awarded to you" in won
    assert "Halden Instruments GmbH" in won
    terms = world.one("maya", Award, id=awarded.id).terms["answers"]
    assert terms["budget"] is None
    assert terms["inhouse_cost_year"] is None
    assert "Awarded to you" not in text(world.browser("kavitha").get(world.path("kavitha", "briefs/")))


def test_lists_ask_the_database_no_more_when_they_grow(world: World, petra: Client) -> None:
    def asked(page: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert petra.get(world.path("petra", page)).status_code == 200
        return len(queries)

    pages = ("functions/", "briefs/", "shortlists/")
    before = [asked(page) for page in pages]
    worlds.awarded(world, worlds.assessed(world))
    worlds.shortlisted(world)
    assert [asked(page) for page in pages] == before


def test_the_api_reads_the_same_and_only_ones_own(world: World, awarded: Award) -> None:
    from remit.apps.organizations.tokens import issue_token

    def reader(seat: str) -> Client:
        secret, _done = issue_token(by=world.by(seat), at=world.now, name=f"t-{len(tokens)}", scopes=["*"], days=300)
        tokens.append(secret)
        return Client(headers={"authorization": f"Bearer {secret}"})

    tokens: list[str] = []
    pages = addresses(world, awarded)
    base = "/api/v1" + world.path("petra")
    own = reader("petra")
    names = ("functions", pages[1].rstrip("/"), "briefs", pages[4].rstrip("/"), f"{pages[4]}shortlist", "awards")
    answers = {name: own.get(base + name) for name in names}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers[names[3]].json()["missing"] == []
    assert {row["name"] for row in answers[names[4]].json()["candidates"]} == {"Rila Ledger", "Vistula Controllership", "Kaveri Knowledge Services"}
    assert answers[names[1]].json()["assessment"]["jurisdiction"] == "DE"
    for seat in ("maya", "kavitha", "ivan"):
        other, theirs = reader(seat), "/api/v1" + world.path(seat)
        for name in names:
            assert other.get(base + name).status_code == 401, name
            assert Client().get(base + name).status_code == 401, name
        assert other.get(theirs + "functions").json() == other.get(theirs + "briefs").json() == []
        assert len(other.get(theirs + "awards").json()) == (len(answers["awards"].json()) if seat == "maya" else 0)
        for name in (names[1], names[3], names[4]):
            assert other.get(theirs + name).status_code == 404, name
