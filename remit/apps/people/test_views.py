"""The pages about people: what each shows, what it stores, and that nobody else reads it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

if TYPE_CHECKING:
    from tests.world import World


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def reference_of(world: World, seat: str, name: str) -> str:
    from remit.apps.people.models import Person

    return str(world.one(seat, Person, name=name).reference)


@pytest.mark.parametrize("page", ["people", "people/profiles"])
def test_every_page_opens_for_its_members_and_for_nobody_else(world: World, page: str) -> None:
    with world.clock():
        for seat in ("maya", "petra", "ivan"):
            assert world.browser(seat).get(world.path(seat, f"{page}/")).status_code == 200
        assert world.browser("petra").get(world.path("maya", f"{page}/")).status_code == 404
        assert world.browser("petra").post(world.path("maya", f"{page}/")).status_code == 404
        assert world.browser(None).get(world.path("maya", f"{page}/")).status_code == 302


def test_nobody_reads_the_person_of_another_organization(world: World) -> None:
    reference = reference_of(world, "maya", "Arun Iyer")
    with world.clock():
        assert world.browser("maya").get(world.path("maya", f"people/{reference}/")).status_code == 200
        theirs = world.path("olga", f"people/{reference}/")
        assert world.browser("olga").get(theirs).status_code == 404
        for form in ("describe", "place", "credential", "verify", "wall", "leave"):
            answer = world.browser("olga").post(f"{theirs}{form}/", {"languages": "de C2"})
            assert answer.status_code == 404, form
            assert "Arun" not in text_of(answer)


def test_a_person_is_added_with_five_columns(world: World) -> None:
    from remit.apps.organizations.models import Site
    from remit.apps.people.models import Person

    site = world.one("maya", Site, name="Sofia")
    theirs = world.one("olga", Site, name="Kraków")
    asked = {"name": "Nina Kirova", "email": "", "site": str(site.id), "level": "2", "services": ["bookkeeping"]}
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", "people/")
        assert browser.post(page, asked | {"site": str(theirs.id)}).status_code == 422
        assert browser.post(page, asked | {"level": "9"}).status_code == 422
        made = browser.post(page, asked)
        assert made.status_code == 303
        shown = text_of(browser.get(made["Location"]))
    assert "Nina Kirova" in shown
    assert "unknown, which is not the same as none" in shown
    with world.see("olga"):
        assert not Person.objects.filter(name="Nina Kirova").exists()


def test_proof_states_look_different_and_what_runs_out_comes_first(world: World) -> None:
    person = reference_of(world, "maya", "Elena Koleva")
    credential = {"kind": "Diplom-Betriebswirt", "issuer": "IHK Ulm", "jurisdiction": "de", "valid_from": "2016-01-01"}
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", f"people/{person}/")
        wrong = browser.post(f"{page}credential/", credential | {"valid_until": "2015-01-01"})
        assert wrong.status_code == 422
        assert "It would end on 1 Jan 2015 before it begins" in text_of(wrong)
        assert browser.post(f"{page}credential/", credential | {"valid_until": "2026-10-01"}).status_code == 303
        assert "self-declared" in text_of(browser.get(page))
        key = _credential(world, "Diplom-Betriebswirt")
        look = {"credential": key, "source": "Register of the chamber", "seen": "Name and number agree", "outcome": "pending"}
        assert browser.post(f"{page}verify/", look).status_code == 303
        assert "being verified" in text_of(browser.get(page))
        world.do("maya", "add_person", name="Zora Zlateva", email="", site=str(_site(world)), level=1, services=[])
        assert browser.post(f"{page}verify/", look | {"outcome": "verified"}).status_code == 303
        listed = text_of(browser.get(world.path("maya", "people/")))
        assert "verified, runs out · until 1 Oct 2026" in listed
        assert "One credential runs out within 60 days." in listed
        assert listed.index("Elena Koleva") < listed.index("Arun Iyer") < listed.index("Zora Zlateva")
        world.on(world.now + timedelta(minutes=1))
        assert browser.post(f"{page}verify/", look | {"outcome": "failed"}).status_code == 303
        assert "did not verify" in text_of(browser.get(page))


def test_what_is_known_is_stated_in_text_and_checked(world: World) -> None:
    person = reference_of(world, "maya", "Teodora Vasileva")
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", f"people/{person}/")
        for field, text in (
            ("languages", "german C1"),
            ("languages", "de D1"),
            ("experience", "bookkeeping since then"),
            ("experience", "magic: 2015-01-01"),
            ("degrees", "MBA of Sofia"),
            ("degrees", "9 Business: MBA, 2015"),
            ("trainings", "month close v3 in January"),
            ("trainings", "month close v3: 2026-02-30"),
            ("knows", "Germany"),
        ):
            wrong = browser.post(f"{page}describe/", {field: text})
            assert wrong.status_code == 422, text
            assert text in text_of(wrong)
        back = browser.post(f"{page}describe/", {"experience": "bookkeeping: 2020-01-01 – 2019-01-01"})
        assert back.status_code == 422
        assert browser.post(f"{page}describe/", {"trainings": "month close: 2026-01-01 – 2025-01-01"}).status_code == 422
        degrees = "7 Business: MBA, Sofia University, 2015\n6 Accounting: Bakkalaureat, 2012"
        more = {"degrees": degrees, "trainings": "month close v3: 2026-01-15 – 2027-01-15\nData protection: 2024-05-01", "knows": "DE, US-NY"}
        told = more | {"languages": "de C1, en b2", "software": "DATEV, Xero, DATEV", "experience": "bookkeeping: 2015-04-01\npayroll: 2012-01-01 – 2014-12-31"}
        assert browser.post(f"{page}describe/", told).status_code == 303
        shown = text_of(browser.get(page))
    assert "DE <b>C1</b>" in shown
    assert "EN <b>B2</b>" in shown
    assert "payroll: 2012-01-01 – 2014-12-31" in shown
    assert shown.count('<span class="chip">DATEV</span>') == 1
    assert degrees.replace("\n", " ") in " ".join(shown.split()), "what is on file stands in the form as it was written"
    assert "month close v3: 2026-01-15 – 2027-01-15" in shown
    from remit.apps.people.models import Person

    with world.see("maya"):
        facts = Person.objects.for_facts().get(reference=person).facts()
    assert [(each.level, each.field, each.title) for each in facts.degrees or ()] == [(7, "Business", "MBA"), (6, "Accounting", "Bakkalaureat")]
    assert {(each.code, each.version) for each in facts.trainings or ()} == {("month close", "3"), ("Data protection", "")}
    assert {each.jurisdiction for each in facts.knows or ()} == {"DE", "US-NY"}


def test_a_placing_succeeds_the_one_before(world: World) -> None:
    from remit.apps.people.models import Staff

    person = reference_of(world, "maya", "Teodora Vasileva")
    asked = {"since": "2026-12-01", "site": str(_site(world)), "level": "3", "services": ["bookkeeping"], "cost_rate_per_hour": "18.50", "cost_currency": "EUR"}
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", f"people/{person}/")
        assert browser.post(f"{page}place/", asked | {"since": "2001-01-01"}).status_code == 422
        assert browser.post(f"{page}place/", asked | {"cost_currency": ""}).status_code == 422
        assert browser.post(f"{page}place/", asked).status_code == 303
        assert "Level 2, Sofia" in text_of(browser.get(page)), "today the earlier row counts"
    with world.see("maya"):
        rows = list(Staff.objects.filter(person__reference=person).order_by("since"))
    assert [row.level for row in rows] == [2, 3]
    assert str(rows[0].until) == "2026-12-01"
    with world.see("olga"):
        assert not Staff.objects.filter(cost_rate_per_hour="18.50").exists()


def test_a_wall_is_raised_by_reference_and_lifted(world: World) -> None:
    from remit.apps.people.models import Wall

    person = reference_of(world, "maya", "Arun Iyer")
    asked = {"against": world.halden.reference, "kind": "conflict", "why": "Worked there until June", "until": "2027-06-01"}
    with world.clock():
        browser, page = world.browser("maya"), world.path("maya", f"people/{person}/")
        assert browser.post(f"{page}wall/", asked | {"against": "OR-0000-0000"}).status_code == 404
        assert browser.post(f"{page}wall/", asked).status_code == 303
        assert "Halden Instruments GmbH" in text_of(browser.get(page))
        wall = world.one("maya", Wall)
        assert wall.until == datetime(2027, 6, 1, tzinfo=UTC)
        with world.see("petra"):
            assert not Wall.objects.exists(), "the client never learns of it"
        assert browser.post(f"{page}wall/{wall.id}/lift/").status_code == 303
        assert browser.post(f"{page}wall/{wall.id}/lift/").status_code == 422
    assert world.one("maya", Wall).until == world.now


def test_the_preview_is_what_the_market_gets(world: World) -> None:
    from remit.apps.people.models import Profile

    with world.clock():
        browser, page = world.browser("olga"), world.path("olga", "people/profiles/")
        assert "Nothing has changed since then." in text_of(browser.get(page))
        world.do("olga", "describe_person", person=str(world.vistula.persons["Ewa Lis"]), software=["Xero"])
        preview = text_of(browser.get(page))
        assert "What is known has changed since then." in preview
        assert "Ewa Lis" in preview
        assert browser.post(page).status_code == 303
        assert "Nothing has changed since then." in text_of(browser.get(page))
    with world.see("petra"):
        shown = list(Profile.objects.filter(organization=world.vistula.key, until=None).values())
    assert any(row["software"] == ["Xero"] for row in shown)
    assert not any(secret in repr(shown) for secret in ("Ewa", "Lis", "Nowak", "vistula.example"))


def test_who_leaves_is_read_no_longer_and_shown_no_longer(world: World) -> None:
    from remit.apps.people.models import Person

    person = reference_of(world, "kavitha", "Meera Nair")
    with world.clock():
        browser = world.browser("kavitha")
        assert browser.post(world.path("kavitha", f"people/{person}/leave/")).status_code == 303
        assert browser.get(world.path("kavitha", f"people/{person}/")).status_code == 404
        world.do("kavitha", "publish_profiles")
        assert "Meera" not in text_of(browser.get(world.path("kavitha", "people/profiles/")))
    with world.see("kavitha"):
        assert not Person.objects.filter(reference=person).exists()


def test_an_agent_answers_to_a_human_of_the_same_house(world: World) -> None:
    from remit.apps.organizations.acting import BadInput, NotFound

    asked: dict[str, Any] = {"name": "Ledger agent", "email": "", "site": str(_site(world)), "level": 1, "services": [], "kind": "agent"}
    with pytest.raises(BadInput):
        world.act("maya", "add_person", **asked)
    with pytest.raises(NotFound):
        world.act("maya", "add_person", **asked, operator=str(world.vistula.persons["Ewa Lis"]))
    agent = world.do("maya", "add_person", **asked, operator=str(world.rila.persons["Arun Iyer"]))
    with pytest.raises(BadInput):
        world.act("maya", "add_credential", person=str(agent.id), kind="ACCA", issuer="ACCA", jurisdiction="GB", valid_from="2020-01-01")
    with pytest.raises(NotFound):
        world.act("maya", "add_person", **asked, operator=str(agent.id))


def test_a_log_in_acts_as_the_person_of_its_address(world: World) -> None:
    """Whoever is a member already becomes the person; a role ticked gives everybody else a log-in that acts as them, and the mail that invites it."""
    from remit.apps.organizations.models import Membership, Message, Site
    from remit.apps.people.models import Person

    site = world.one("kavitha", Site, name="Bengaluru")
    world.do("kavitha", "add_member", email="mala@pune.example", name="Mala Joshi", roles=["preparer"])
    mala = world.do("kavitha", "add_person", name="Mala Joshi", email="Mala@pune.example", site=str(site.id), level=2, services=["bookkeeping"])
    asked = {"site": str(site.id), "level": "4", "services": ["bookkeeping"], "languages": "de C1, en B2"}
    with world.clock():
        path = world.path("kavitha", "people/")
        made = world.browser("kavitha").post(path, asked | {"name": "Ravi Nair", "email": "ravi@pune.example", "roles": ["reviewer"]})
        assert made.status_code == 303, made.content.decode()
        twice = world.browser("kavitha").post(path, asked | {"name": "Ravi Nair", "email": "", "roles": ["reviewer"]})
        assert twice.status_code == 422
        assert "A log-in is given to a human with a mail address" in twice.content.decode()
    with world.see("kavitha"):
        held = Membership.objects.get(person_id=mala.id)
        assert held.user is not None
        assert held.user.email == "mala@pune.example"
        ravi = Person.objects.get(name="Ravi Nair")
        seats = Membership.objects.filter(person_id=ravi.id, user__isnull=False)
        assert [(seat.user.email, [grant.role for grant in seat.grants.all()]) for seat in seats if seat.user] == [("ravi@pune.example", ["reviewer"])]
        assert {each.language: each.level for each in ravi.languages.all()} == {"de": "C1", "en": "B2"}
        assert Message.objects.filter(to_email="ravi@pune.example", kind="member").exists()


def test_a_log_in_given_later_acts_as_the_person_of_its_address(world: World) -> None:
    from remit.apps.organizations.models import Membership, Site

    site = world.one("kavitha", Site, name="Bengaluru")
    facts: dict[str, Any] = {"site": str(site.id), "level": 2, "services": ["bookkeeping"]}
    anu = world.do("kavitha", "add_person", name="Anu Rao", email="anu@pune.example", **facts)
    for name in ("Om", "Uma"):
        world.do("kavitha", "add_person", name=name, email="office@pune.example", **facts)
    with world.clock():
        for email in ("Anu@pune.example", "office@pune.example", "nobody@pune.example"):
            made = world.browser("kavitha").post(world.path("kavitha", "organization/members/"), {"name": "Anu Rao", "email": email, "roles": ["preparer"]})
            assert made.status_code == 303, made.content.decode()
    with world.see("kavitha"):
        tied = Membership.objects.filter(user__email__in=["anu@pune.example", "Anu@pune.example"]).values_list("person_id", flat=True)
        assert list(tied) == [anu.id]
        others = Membership.objects.filter(user__email__in=["office@pune.example", "nobody@pune.example"]).values_list("person_id", flat=True)
        assert list(others) == [None, None], "an address of two people is nobody's own"


def test_titles_are_offered_as_the_rules_spell_them(world: World) -> None:
    from remit.apps.people.models import Person

    with world.see("kavitha"):
        reference = Person.objects.order_by("id")[0].reference
    with world.clock():
        page = world.browser("kavitha").get(world.path("kavitha", f"people/{reference}/")).content.decode()
    assert '<option value="Steuerberater">' in page
    assert 'list="titles"' in page


def test_the_list_costs_the_same_however_many_work_here(world: World) -> None:
    browser = world.browser("kavitha")

    def queries(page: str) -> int:
        with CaptureQueriesContext(connection) as made:
            assert browser.get(world.path("kavitha", page)).status_code == 200
        return len(made)

    from remit.apps.organizations.models import Site

    site = world.one("kavitha", Site, name="Bengaluru")
    pages = ("people/", "people/profiles/")
    with world.clock():
        before = [queries(page) for page in pages]
        for number in range(4):
            made = world.do("kavitha", "add_person", name=f"Number {number}", email="", site=str(site.id), level=1, services=["bookkeeping"])
            held = world.do("kavitha", "add_credential", person=str(made.id), kind="CMA", issuer="ICMAI", jurisdiction="IN", valid_from="2020-01-01")
            world.do("kavitha", "verify_credential", credential=str(held.id), source="Register", seen="Agrees")
        assert [queries(page) for page in pages] == before
    assert max(before) <= 24, "degrees, training and known law are three of them"


def _site(world: World) -> Any:
    from remit.apps.organizations.models import Site

    return world.one("maya", Site, name="Sofia").id


def _credential(world: World, kind: str) -> str:
    from remit.apps.people.models import Credential

    return str(world.one("maya", Credential, kind=kind).id)


def test_cost_and_walls_are_for_those_who_staff_and_for_oneself(world: World) -> None:
    elena = world.rila.persons["Elena Koleva"]
    site = str(_site(world))
    world.do("maya", "place_person", person=str(elena), since="2026-11-15", site=site, cost_rate_per_hour="17.35", cost_currency="EUR")
    world.do("maya", "raise_wall", against=str(world.vistula.key), why="Worked there until May", kind="cooling_off", person=str(elena))
    world.on(datetime(2026, 11, 20, tzinfo=UTC))
    reference = reference_of(world, "maya", "Elena Koleva")
    from tests.world import _member

    _member(world, "rila", "maya", "adele", "Adele Admin", ("administrator",))
    with world.clock():
        seen = {seat: world.browser(seat).get(world.path(seat, f"people/{reference}/")).content.decode() for seat in ("maya", "elena", "arun", "adele")}
    assert "17.35" not in seen["adele"], "what people cost is closed to an administrator who does not staff"
    assert "Worked there until May" in seen["adele"]
    for seat in ("maya", "elena"):
        assert "17.35" in seen[seat]
        assert "Worked there until May" in seen[seat]
    assert "Elena Koleva" in seen["arun"]
    assert "17.35" not in seen["arun"]
    assert "Worked there" not in seen["arun"]
    assert "<summary>" in seen["maya"]
    assert "Raise a wall" not in seen["elena"]
