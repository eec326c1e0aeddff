"""The first administrator, and that a door's input is checked alike everywhere."""

from datetime import UTC, date, datetime

import pytest

pytestmark = pytest.mark.usefixtures("database")
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def founder(database: str):
    from remit.apps.organizations.founding import first_code, found_by_code
    from remit.apps.organizations.models import Membership
    from remit.apps.records.context import By, reading

    code = first_code()
    assert code
    user, organization = found_by_code(
        code=code,
        at=AT,
        email="ada@rila.example",
        password="correct horse battery",
        person_name="Ada",
        name="Rila",
        kinds=["provider"],
        country="BG",
        currency="EUR",
    )
    by = By(organization=organization.pk, door="page", user=user.id, name="Ada")
    with reading(by, AT):
        member = Membership.objects.get()
    assert organization.sign_factor == "second", "nobody signs for it by a password alone"
    return By(organization=organization.pk, door="page", user=user.id, membership=member.id, name="Ada")


def test_the_code_works_once(founder) -> None:
    from remit.apps.organizations.founding import first_code

    assert first_code() is None


def test_a_card_is_succeeded_never_edited(founder) -> None:
    from remit.apps.organizations.acting import BadInput, Done
    from remit.apps.organizations.actions import publish_card

    line = {"service": "bookkeeping", "level": 2, "basis": "hour", "price": "30"}
    card = publish_card.parse({"series": "std", "currency": "EUR", "valid_from": "2026-01-01", "lines": [line]})
    assert isinstance(publish_card(by=founder, at=AT, **card), Done)
    with pytest.raises(BadInput) as bad:
        publish_card(by=founder, at=AT, **card)
    assert bad.value.errors["valid_from"][0].code == "card.order"
    assert isinstance(publish_card(by=founder, at=AT, **(card | {"valid_from": date(2026, 6, 1)})), Done)


def test_a_refusal_is_recorded_and_nothing_else(founder) -> None:
    from dataclasses import replace

    from remit.apps.organizations.acting import Refused
    from remit.apps.organizations.actions import add_site
    from remit.apps.organizations.models import Site
    from remit.apps.records.context import reading
    from remit.apps.records.keys import uuid7
    from remit.apps.records.models import Entry

    nobody = replace(founder, membership=uuid7())
    refused = add_site(by=nobody, at=AT, name="Sofia", country="BG", zone="Europe/Sofia", hours=[[(540, 1080)]] * 5 + [[], []])
    assert isinstance(refused, Refused)
    assert refused.reasons[0].code == "role.missing"
    with reading(founder, AT):
        assert not Site.objects.exists()
        assert Entry.objects.get(id=refused.entry).outcome == "refused"


def test_a_second_click_gets_the_first_result(founder) -> None:
    from remit.apps.organizations.acting import BadInput
    from remit.apps.organizations.actions import add_site

    site = {"name": "Sofia", "country": "BG", "zone": "Europe/Sofia", "hours": [[(540, 1080)]] * 5 + [[], []]}
    first = add_site(by=founder, at=AT, key="k1", **site)
    assert add_site(by=founder, at=AT, key="k1", **site) == first
    with pytest.raises(BadInput):
        add_site(by=founder, at=AT, key="k1", **(site | {"name": "Plovdiv"}))
