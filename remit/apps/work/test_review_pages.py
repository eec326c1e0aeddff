"""Pages of procedures, sampling and reviews: written by rows, text and sheet, compared, agreed; reviewed with sample and findings; answered; let pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from remit.apps.agreements.models import Engagement
from remit.apps.work import sampled
from remit.apps.work.models import Deliverable, FindingDraft, Procedure, ProcedureVersion, Review, ReviewFinding, SamplingPlan, WorkItem
from tests.world import OPENED_AT, handed_in, opened, prepared, signed

if TYPE_CHECKING:
    from tests.world import World

ABOUT = {"task": "bank_reconciliation", "owner": "Georgi Stanev", "owner_side": "provider", "valid_from": "2026-11-01", "why": "As Halden works"}


class Pages:
    """A seat's browser, with what its pages say."""

    def __init__(self, world: World, seat: str) -> None:
        self.world, self.seat, self.browser = world, seat, world.browser(seat)

    def get(self, path: str, status: int = 200) -> str:
        with self.world.clock():
            answer = self.browser.get(self.world.path(self.seat, path))
        assert answer.status_code == status, answer.content.decode()[:2000]
        return said(answer)

    def post(self, path: str, status: int = 303, **values: Any) -> str:
        with self.world.clock():
            answer = self.browser.post(self.world.path(self.seat, path), values)
        assert answer.status_code == status, said(answer)[:2000]
        return str(answer.headers["Location"]) if status == 303 else said(answer)


def said(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture(scope="module")
def engagement(world: World) -> Engagement:
    key = signed(world)
    world.on(OPENED_AT)
    found: Engagement = world.one("maya", Engagement, id=key)
    return found


def test_a_procedure_is_written_from_text_into_rows_and_agreed_on_its_page(world: World, engagement: Engagement) -> None:
    maya, petra = Pages(world, "maya"), Pages(world, "petra")
    assert "none on file" in maya.get(f"engagements/{engagement.reference}/planning/")
    new = f"engagements/{engagement.reference}/procedures/new/"
    assert "Write a procedure" in maya.get(f"{new}?task=bank_reconciliation")
    read = maya.post(new, 200, **ABOUT, do="read", text="1. Load\n1.1 Compare\nExcept: a new account")
    assert "a new account" in read
    assert "Line 2: Step 1 is there already." in maya.post(new, 422, **ABOUT, do="read", text="1. Load\n1. Compare")
    sheet = SimpleUploadedFile("steps.csv", b"number,step\n1,Load\n1.2.x,Compare\n", "text/csv")
    assert "Line 3: “1.2.x” is no number of a step" in maya.post(new, 422, **ABOUT, do="propose", file=sheet)
    assert not exists(world, Procedure), "nothing is half kept"
    rows = {"number": ["1", "", ""], "says": ["Load the statement", "Match by reference", ""], "exceptions": ["", "charges\ninterest", ""]}
    to = maya.post(new, **ABOUT, **rows, do="propose")
    reference = to.rstrip("/").rpartition("/")[2]
    assert "waits for the other side" in maya.get(f"procedures/{reference}/")
    version = world.one("maya", ProcedureVersion, procedure__reference=reference)
    assert version.steps[1] == {"number": "2", "says": "Match by reference", "exceptions": ["charges", "interest"]}
    assert "Agree to version 1?" in petra.get(f"procedures/{reference}/")
    assert "Agree to version 1?" not in maya.get(f"procedures/{reference}/")
    assert "Say why." in petra.post(f"procedures/{reference}/judge/{version.id}/", 422, verdict="declined")
    petra.post(f"procedures/{reference}/judge/{version.id}/", verdict="agreed")
    assert "Version 1 is in force since 1 Nov 2026; Georgi Stanev answers for it." in petra.get(f"procedures/{reference}/")
    assert reference in petra.get(f"engagements/{engagement.reference}/planning/")


def exists(world: World, model: Any) -> bool:
    with world.see("maya"):
        return bool(model.objects.exists())


def test_the_next_version_is_shown_beside_the_one_before_and_taken_over_on_the_item(world: World, engagement: Engagement) -> None:
    reference = world.one("maya", Procedure, engagement=engagement).reference
    item = opened(world, engagement.id)
    petra, maya, elena = Pages(world, "petra"), Pages(world, "maya"), Pages(world, "elena")
    assert f"{reference} · version 1" in elena.get(f"work/{item.reference}/").replace("</a>", "")
    following = f"procedures/{reference}/next/"
    assert "Match by reference" in petra.get(following)
    about = {name: value for name, value in ABOUT.items() if name != "task"}
    rows = {"number": ["1", "2"], "says": ["Load the statement", "Match by reference"], "exceptions": ["", "charges\ninterest"]}
    assert "It says the same as version 1." in petra.post(following, 422, **about, **rows, do="propose")
    rows["says"][1] = "Match by reference, then by amount"
    petra.post(following, **(about | {"why": "Too much was left open"}), **rows, do="propose")
    page = maya.get(f"procedures/{reference}/")
    assert "Beside version 1" in page
    assert "changed" in page
    assert ", then by amount" in page
    assert "Beside version 1" not in maya.get(f"procedures/{reference}/?compare=no")
    version = world.one("maya", ProcedureVersion, procedure__reference=reference, number=2)
    maya.post(f"procedures/{reference}/judge/{version.id}/", verdict="agreed")
    assert "Take version 2 over" in elena.get(f"work/{item.reference}/")
    elena.post(f"work/{item.reference}/procedure/")
    assert "Take version 2 over" not in elena.get(f"work/{item.reference}/")
    with world.clock():
        answer = world.browser("jonas").get(world.path("jonas", f"procedures/{reference}/steps.csv"))
    assert answer.content.decode("utf-8-sig").splitlines()[:2] == ["number,step,exceptions", "1,Load the statement,"]
    Pages(world, "olga").get(f"procedures/{reference}/", 404)
    assert "Match by reference" in Pages(world, "ivan").get(f"procedures/{reference}/"), "an auditor reads it and is offered nothing"
    petra.post(f"procedures/{reference}/withdraw/", reason="The group works alike", from_on="2026-12-01")
    assert "it holds for nothing that opens from 1 Dec 2026 on" in maya.get(f"procedures/{reference}/")


def test_a_plan_of_sampling_is_agreed_on_the_page_of_tasks(world: World, engagement: Engagement) -> None:
    maya, petra = Pages(world, "maya"), Pages(world, "petra")
    planning = f"engagements/{engagement.reference}/planning/"
    assert "no plan: reviewed in full" in maya.get(planning)
    base = f"engagements/{engagement.reference}/sampling/"
    given = {"confidence_percent": "95", "margin_percent": "5", "expected_percent": "5", "limit_percent": "2", "valid_from": "2026-11-01"}
    maya.post(f"{base}propose/", 422, **(given | {"margin_percent": "soon"}))
    maya.post(f"{base}propose/", **given)
    plan = world.one("maya", SamplingPlan, engagement=engagement)
    maya.post(f"{base}{plan.id}/judge/", verdict="agreed")
    assert world.one("maya", SamplingPlan, id=plan.id, verdict=None), "who proposed it does not agree to it"
    petra.post(f"{base}{plan.id}/judge/", verdict="agreed")
    assert "in force" in petra.get(planning)


def test_a_review_is_worked_on_its_page(world: World, engagement: Engagement) -> None:
    item = world.one("maya", WorkItem, engagement=engagement)
    for number in ("1", "2"):
        world.do("elena", "move", item=str(item.id), step="checklist", command="tick", values={"item": number})
    made = handed_in(world, item)
    arun, elena, jonas = Pages(world, "arun"), Pages(world, "elena"), Pages(world, "jonas")
    home, page = f"work/{item.reference}/", f"work/{item.reference}/deliverables/1/"
    assert "drawn" in arun.get(home)
    shown = arun.get(page)
    assert "Drawn to be looked at" in shown
    assert "What was set aside" in shown
    assert "Pass these bytes" not in elena.get(page), "who prepared it gives no verdict"
    Pages(world, "olga").get(page, 404)
    arun.get(f"work/{item.reference}/deliverables/9/", 404)
    arun.post(f"{page}note/", 422, category="figure", severity="major", says=" ")
    arun.post(f"{page}note/", category="figure", severity="critical", says="A fee stands twice", place="line 14", step="2")
    assert "A fee stands twice" in arun.get(page)
    assert "A fee stands twice" not in jonas.get(page), "the client sees it with the verdict"
    draft = world.one("arun", FindingDraft, deliverable=made)
    arun.post(f"{page}drop/{draft.id}/")
    arun.post(f"{page}note/", category="unclear", severity="minor", says="Which customer?")
    arun.post(f"{page}verdict/", verdict="passed")
    assert not given(world, made), "a sample that is not looked at passes nothing"
    looks = looked(world, made)
    arun.post(f"{page}sample/", 422, **(looks | {"look-done-0": "wrong"}))
    arun.post(f"{page}sample/", **looks)
    assert "So 0 to" in arun.get(page)
    arun.post(f"{page}verdict/", 422, verdict="passed", in_full="yes")
    arun.post(f"{page}verdict/", verdict="returned")
    assert "Which customer?" in jonas.get(page)
    finding = world.one("elena", ReviewFinding, review__deliverable=made)
    assert "Answer what was found" in elena.get(home)
    key = str(finding.id)
    elena.post(f"{home}hand-in/", finding=[key])
    assert not second(world, item), "what is not answered is not handed in"
    shown = elena.post(f"{home}hand-in/", 422, **{"finding": [key], f"answer-{key}": "disagreed"})
    assert "says why" in shown
    elena.post(f"{home}hand-in/", **{"finding": [key], f"answer-{key}": "fixed", f"words-{key}": "It is Brenner"})
    again = f"work/{item.reference}/deliverables/2/"
    shown = arun.get(again)
    assert "Found in deliverable 1" in shown
    assert "put right “It is Brenner”" in shown
    arun.post(f"{again}sample/", **looked(world, world.one("arun", Deliverable, item=item, number=2)))
    arun.post(f"{again}verdict/", verdict="passed")
    assert "the sample" in jonas.get(again)


def given(world: World, made: Deliverable) -> bool:
    with world.see("arun"):
        return Review.objects.filter(deliverable=made).exists()


def second(world: World, item: WorkItem) -> bool:
    with world.see("arun"):
        return Deliverable.objects.filter(item=item, number=2).exists()


def looked(world: World, made: Deliverable) -> dict[str, str]:
    """Every row that was drawn, right."""
    with world.see("arun"):
        found = sampled.of(made)
        assert found is not None
        return {f"look-{each.result.drawn.stratum}-{at}": "right" for each in found.strata for at in range(each.result.drawn.size)}


def test_what_was_under_way_is_said_to_have_ended(world: World) -> None:
    engagement = signed(world)
    plan = world.do("maya", "propose_sampling", engagement=str(engagement), valid_from="2026-09-01")
    world.do("petra", "judge_sampling", plan=str(plan.id), verdict="agreed")
    item = opened(world, engagement)
    made = handed_in(world, item)
    arun = Pages(world, "arun")
    arun.post(f"work/{item.reference}/deliverables/1/note/", category="figure", severity="major", says="A fee stands twice")
    arun.post(f"work/{item.reference}/deliverables/1/sample/", **dict.fromkeys(list(looked(world, made))[:1], "right"))
    world.do("elena", "hand_in", item=str(item.id))
    assert "The review under way ended with these bytes: 1 row looked at, 1 finding noted." in arun.get(f"work/{item.reference}/")
    page = arun.get(f"work/{item.reference}/deliverables/1/")
    assert "Deliverable 1 was superseded by 2: this review ended with these bytes" in page
    assert "Pass these bytes" not in page


def test_a_failing_check_is_let_pass_on_the_item(world: World) -> None:
    item = prepared(world, opened(world, signed(world)))
    with world.see("elena"):
        key = next(iter(item.stepstates.get(step="prepare").state["answers"]))
    world.do("elena", "move", item=str(item.id), step="prepare", command="withdraw", values={"item": key})
    elena, georgi = Pages(world, "elena"), Pages(world, "georgi")
    home = f"work/{item.reference}/"
    assert "Another person of the provider may let it pass" in elena.get(home)
    with world.clock():
        page = georgi.browser.get(world.path("georgi", home)).content.decode()
    sha256 = re.search(r'name="finding" value="([0-9a-f]{64})"', page)
    assert sha256 is not None
    georgi.post(f"{home}let-pass/", 422, check="recon.explained", finding="0" * 64, reason="Monday")
    georgi.post(f"{home}let-pass/", check="recon.explained", finding=sha256[1], reason="The client answers by Monday")
    assert "Not ready to hand in" not in elena.get(home)
    elena.post(f"{home}hand-in/")
    assert "Let pass recon.explained “The client answers by Monday” Georgi Stanev" in Pages(world, "jonas").get(home)


def test_queries_do_not_grow_with_versions_findings_and_rows_drawn(world: World, engagement: Engagement) -> None:
    item = world.one("maya", WorkItem, engagement=engagement)
    counts = []
    browser = world.browser("arun")
    for extra in (0, 12):
        for each in range(extra):
            world.do("petra", "propose_procedure", engagement=str(engagement.id), text=f"1. Do {each}", **(ABOUT | {"valid_from": "2026-12-01"}))
            version = latest(world, engagement.id)
            world.do("maya", "judge_procedure", proposal=str(version), verdict="agreed")
        asked = [world.path("arun", f"work/{item.reference}/deliverables/2/"), world.path("arun", f"engagements/{engagement.reference}/planning/")]
        with world.clock(), CaptureQueriesContext(connection) as queries:
            assert all(browser.get(path).status_code == 200 for path in asked)
        counts.append(len(queries))
    assert counts[0] >= counts[1] - 1, counts


def latest(world: World, engagement: UUID) -> UUID:
    with world.see("maya"):
        return ProcedureVersion.objects.filter(procedure__engagement=engagement).latest("written_at").id


def test_the_api_reads_what_the_pages_show(world: World, engagement: Engagement) -> None:
    from tests.walking import headers

    item = world.one("maya", WorkItem, engagement=engagement)
    with world.clock():
        given = headers(world, "jonas")
        browser, base = Client(), f"/api/v1/o/{world.halden.reference}/"
        answers = {
            path: browser.get(base + path, **given)
            for path in (
                f"engagements/{engagement.reference}/procedures",
                f"engagements/{engagement.reference}/sampling",
                f"items/{item.reference}/deliverables/1/review",
                f"items/{item.reference}/deliverables/2/review",
                f"items/{item.reference}/failing",
            )
        }
        assert browser.get(f"{base}items/{item.reference}/deliverables/9/review", **given).status_code == 404
        assert browser.get(f"/api/v1/o/{world.vistula.reference}/engagements/{engagement.reference}/procedures", **headers(world, "olga")).status_code == 404
    assert [answer.status_code for answer in answers.values()] == [200] * 5
    procedures, plans, first, other, failing = (answer.json() for answer in answers.values())
    assert [each["withdrawn_from"] for each in procedures] == ["2026-12-01", None]
    assert [version["state"] for version in procedures[0]["versions"]] == ["in_force", "succeeded"]
    assert plans[0]["state"] == "in_force"
    assert [(each["category"], each["answer"]) for each in first["findings"]] == [("unclear", "fixed")]
    assert other["verdict"] == "passed"
    assert all(row["right"] for stratum in other["strata"] for row in stratum["rows"])
    assert other["seed"] == sampled.seed_of(other["manifest_sha256"], plans[0]["fixed"])
    assert failing == []
