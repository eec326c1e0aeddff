"""A client that a firm has already: one page drafts everything, and the mail to who signs is written in the same step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from remit.apps.agreements.models import AgreedEntity, AgreedLine, Agreement
from remit.apps.agreements.terms import lacking
from remit.apps.organizations.models import GuestLink, Organization
from remit.apps.records.models import Entry
from remit.domain.taxation import usual
from tests import world as worlds
from tests.world import World

ASKED = {
    "name": "Neuland Optik GmbH", "vat_id": "DE136695976", "city": "München", "account": "DE17 7009 1800 0012 3444 71", "zone": "Europe/Berlin",
    "currency": "EUR", "q-bank_ledger_account": "1200", "q-chart_of_accounts": "skr03", "begins_on": "2026-10-01", "level": "2", "language": "de",
    "language_level": "B2", "confidentiality": "ordinary", "tax_category": "AE", "tax_reason": "Reverse charge", "signer_name": "Nora Neu",
    "signer_email": "nora@neuland.example",
}  # fmt: skip


def post(world: World, seat: str, **more: Any) -> Any:
    world.on(worlds.OPENED_AT)
    with world.clock():
        path = world.path(seat) + "clients/new/?country=DE&service=bookkeeping"
        return world.browser(seat).post(path, {**ASKED, **more}, HTTP_REFERER=f"http://testserver{path}")


def test_one_page_drafts_what_can_be_signed(world: World) -> None:
    with world.clock():
        page = world.browser("maya").get(world.path("maya") + "clients/new/?country=DE&service=bookkeeping").content.decode()
    assert '<option value="AE" selected>' in page
    assert 'value="Europe/Berlin" selected' in page
    answer = post(world, "maya")
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    with world.see("maya"):
        client = Organization.objects.get(name="Neuland Optik GmbH")
        made = Agreement.objects.get(client=client)
        assert lacking(made) == []
        assert made.begins_on == date(2026, 10, 1)
        assert AgreedLine.objects.filter(agreement=made).exists()
        company = AgreedEntity.objects.get(agreement=made)
        assert company.answers["bank_account"] == "DE17700918000012344471"
        link = GuestLink.objects.get(about_id=made.id)
        assert (link.email, link.organization_id) == ("nora@neuland.example", client.pk)
        assert {"state_entity", "sign_agreement"} <= set(link.acts)
        kinds = set(Entry.objects.filter(audience=made.audience_id).values_list("kind", flat=True))
        assert {"agreement.offered", "entity.stated", "agreement.settled", "guest.invited"} <= kinds


@pytest.mark.parametrize(
    ("fault", "said"), [({"account": "DE00"}, "DE00"), ({"signer_email": "nobody"}, "valid email"), ({"tax_reason": ""}, "reason"), ({"zone": "Mars"}, "Mars")]
)
def test_a_fault_leaves_nothing_behind(world: World, fault: dict[str, str], said: str) -> None:
    answer = post(world, "maya", **{"name": "Halbfertig GmbH", **fault})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with world.see("maya"):
        assert not Organization.objects.filter(name="Halbfertig GmbH").exists()


def test_tax_as_both_countries_usually_have_it() -> None:
    for seller, buyer, category in (("BG", "DE", "AE"), ("BG", "CH", "O"), ("BG", "BG", None), ("IN", "DE", None)):
        found = usual(seller, buyer)
        assert (found.category if found else None) == category
