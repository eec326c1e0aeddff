"""Every address and every operation, walked as a member of another organization and as nobody: nothing of others shows, and nothing of theirs changes."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client

from remit.apps.records.keys import Referenced
from remit.apps.records.models import Tenant
from remit.apps.records.rows import rows_of
from tests import world as worlds
from tests.asking import ask
from tests.walking import MARKET, Hidden, addresses, body, filled, headers, operations, pages, reads, seen_by_owner, written
from tests.world import World

PUBLIC = {
    "front",
    "check_statement",
    "check_pack",
    "check_invoice",
    "check_notice",
    "hours",
    "progress",
    "account_login",
    "account_logout",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "socialaccount_login_cancelled",
    "socialaccount_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "welcome",
    "account",
    "account_change_password",
    "end_device",
    "end_other_devices",
    "usersessions_list",
    "confirm",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "keep",
    "language",
    "calendar_feed",
    "told",
    "demo_login",
    "home",
    "first",
    "openapi-json",
    "openapi-view",
    "api-root",
}
"""Pages without an organization: they read no tenant's rows but in the name of who holds a secret address, and are tested where they stand."""


@pytest.fixture(scope="module")
def thread(world: World) -> World:
    """A whole thread between Halden and Rila, of which Kaveri knows nothing."""
    worlds.closed(world)
    world.do("maya", "raise_wall", against=str(world.halden.key), why="Audited them until June", kind="conflict", person=str(world.rila.persons["Arun Iyer"]))
    return world


def foreign(thread: World) -> tuple[list[str], list[UUID]]:
    """Of everything in the thread one reference a kind, and one key a table, that are not Kaveri's own."""
    references, keys = [], []
    for model in apps.get_models():
        if not model.__module__.startswith("remit.apps") or model._meta.pk.attname != "id" or model is Tenant or rows_of(model).kind == "market":
            continue
        table, fields = model._meta.db_table, {field.attname for field in model._meta.fields}
        mine = f" where organization_id <> '{thread.kaveri.key}'" if "organization_id" in fields else ""
        found = seen_by_owner(f"{table}{mine} limit 1", "id")
        keys += [row[0] for row in found if isinstance(row[0], UUID)]
        if issubclass(model, Referenced) and model.PREFIX not in MARKET:
            references += [row[0] for row in seen_by_owner(f"{table}{_not_kaveri(table, thread)} limit 1", "reference")]
    assert len(references) >= 7
    assert len(keys) >= 20
    return references, keys


def _not_kaveri(table: str, thread: World) -> str:
    if table != "people_person":
        return ""
    return f" where id in (select person_id from organizations_membership where organization_id = '{thread.rila.key}')"


def secrets(thread: World) -> list[str]:
    """Words of the thread that Kaveri must never read: people, papers, accounts, references."""
    names = [row[0] for row in seen_by_owner("people_person", "name")]
    own = set(thread.kaveri.persons) | {"Kavitha Menon"}
    words = [name for name in names if name not in own]
    words += [row[0] for row in seen_by_owner("work_itemfile", "name")] + [row[0] for row in seen_by_owner("organizations_bankaccount", "iban")]
    words += [row[0] for row in seen_by_owner("billing_invoice", "number")] + ["Audited them until June"]
    references, _keys = foreign(thread)
    return words + references


def test_every_address_is_a_page_of_an_organization_an_operation_or_public() -> None:
    known = {name for address, name in addresses() if not address.startswith(("o/<str:organization>/", "g/<str:secret>/", "api/v1/"))}
    assert known <= PUBLIC, known - PUBLIC


def test_nobody_is_sent_to_sign_in(thread: World) -> None:
    references, keys = foreign(thread)
    for address, name in pages():
        path = next(filled(address, thread.halden.reference, references, keys))
        for answer in (Client().get(path), Client().post(path, {"version": 1})):
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer.headers["Location"].startswith("/sign-in/"), name


def test_a_member_of_another_organization_finds_no_such_address(thread: World) -> None:
    """The victim's own address: 404, as if there were no such organization."""
    references, keys = foreign(thread)
    with thread.clock():
        outsider = thread.browser("kavitha")
        for address, name in pages():
            for path in list(filled(address, thread.halden.reference, references, keys))[:2]:
                assert outsider.get(path).status_code == 404, (name, path)
                assert outsider.post(path, {"version": 1}).status_code == 404, (name, path)


def test_foreign_ids_open_nothing_on_ones_own_pages(thread: World) -> None:
    references, keys = foreign(thread)
    hidden = secrets(thread)
    before = written()
    posted = {
        "version": 1,
        "person": str(thread.rila.persons["Arun Iyer"]),
        "deliverable": str(keys[0]),
        "award": str(keys[0]),
        "verdict": "accepted",
        "step": "prepare",
    }
    with thread.clock():
        outsider = thread.browser("kavitha")
        for address, name in pages():
            for path in filled(address, thread.kaveri.reference, references, keys):
                looked, sent = outsider.get(path), outsider.post(path, posted)
                for answer in (looked, sent):
                    assert answer.status_code < 500, (name, path)
                    shown = [word for word in hidden if word not in path and word in body(answer)]
                    assert not shown, (name, path, shown)
                if "reference>" in address:
                    assert looked.status_code in (404, 405), (name, path, looked.status_code)
    # What Kaveri was refused stands in Kaveri's own log and in no other.
    others = "records_entry e join records_audience a on a.id = e.audience_id where a.opened_by_id <> %s"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"select count(*) from {others}", [thread.kaveri.key])
        assert cursor.fetchone()[0] <= before


def test_operations_need_a_token_of_that_organization(thread: World) -> None:
    references, keys = foreign(thread)
    with thread.clock():
        given = headers(thread, "kavitha")
        for address, name in operations():
            path = next(filled(address, thread.halden.reference, references, keys))
            for answer in (Client().get(path), Client().post(path, "{}", "application/json")):
                assert answer.status_code in (401, 405), (name, answer.status_code)
            for answer in (Client().get(path, **given), Client().post(path, "{}", "application/json", **given)):
                assert answer.status_code in (401, 405), (name, answer.status_code)


def test_operations_with_foreign_ids_do_nothing(thread: World) -> None:
    """Each action gets foreign keys for all that it asks; none is done, none is answered as though it were there, and no answer tells of the thread."""
    references, keys = foreign(thread)
    hidden = Hidden(references, keys, secrets(thread))
    with thread.clock():
        given = headers(thread, "kavitha")
        for address, name in reads():
            for path in filled(address, thread.kaveri.reference, references, keys):
                answer = Client().get(path, **given)
                if answer.status_code == 405:
                    answer = Client().post(path, **given)
                assert answer.status_code in (200, 404), (name, path, answer.status_code)
                assert not [word for word in hidden.words if word in body(answer) and word not in path], (name, path)
    answers = ask(thread, "kavitha", hidden)
    assert len(answers) > 80
    done = {name for name, (status, _said) in answers.items() if status == 200}
    assert done <= {"raise_wall.against"}, "a wall is raised against whom one will"
    assert sum(status == 404 for status, _said in answers.values()) > 50, answers
