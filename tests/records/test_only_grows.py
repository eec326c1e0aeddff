"""The record only grows: no role that runs anything changes, removes or empties it, and the owner must first take the trigger off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

if TYPE_CHECKING:
    from remit.front.installation.testing import TestCluster
    from tests.world import World

KEPT = {"records_entry": "kind", "records_leaf": "leaf_hash", "records_head": "note", "records_rollupleaf": "leaf_hash", "records_checkpoint": "note"}
VERBS = {"update": "update {table} set {column} = {column}", "delete": "delete from {table}", "truncate": "truncate {table} cascade"}


@pytest.fixture(scope="module")
def filled(world: World, sequence: Callable[[], None]) -> World:
    sequence()
    return world


def urls(cluster: TestCluster, database: str) -> dict[str, str]:
    return {"program": cluster.program_url(database), "sequencer": cluster.sequencer_url(database), "owner": cluster.owner_url(database)}


@pytest.mark.parametrize("role", ["program", "sequencer", "owner"])
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("table", KEPT)
def test_nobody_takes_anything_back(filled: World, cluster: TestCluster, database: str, role: str, verb: str, table: str) -> None:
    maya = filled.by("maya")
    with psycopg.connect(cluster.owner_url(database)) as owner:
        before = owner.execute(f"select count(*) from {table}").fetchone()
    assert before
    assert before[0] > 0
    with psycopg.connect(urls(cluster, database)[role]) as connection:
        context = {"organization": maya.organization, "principal": maya.organization, "instant": filled.now.isoformat()}
        for name, value in context.items():
            connection.execute("select set_config(%s, %s, true)", [f"remit.{name}", str(value)])
        if role == "sequencer" and verb != "truncate" and table == "records_entry":
            # It has no right on entries at all; it reads hashes from its queue.
            with pytest.raises(InsufficientPrivilege, match="permission denied"):
                connection.execute(VERBS[verb].format(table=table, column=KEPT[table]))
        else:
            says = "permission denied" if role == "program" or (role == "sequencer" and verb == "truncate") else "the record only grows"
            with pytest.raises(InsufficientPrivilege, match=says):
                connection.execute(VERBS[verb].format(table=table, column=KEPT[table]))
    with psycopg.connect(cluster.owner_url(database)) as owner:
        assert owner.execute(f"select count(*) from {table}").fetchone() == before


def test_the_triggers_run_always_and_the_program_cannot_take_them_off(cluster: TestCluster, database: str) -> None:
    with psycopg.connect(cluster.owner_url(database)) as owner:
        found = owner.execute(
            "select c.relname, t.tgname, t.tgenabled from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgname in ('only_grows', 'never_emptied')"
        ).fetchall()
    assert {(table, name) for table, name, _ in found} == {(table, name) for table in KEPT for name in ("only_grows", "never_emptied")}
    assert {enabled for _, _, enabled in found} == {"O"}
    for url in (cluster.program_url(database), cluster.sequencer_url(database)):
        for statement in (
            "alter table records_entry disable trigger all",
            "drop trigger only_grows on records_entry",
            "set session_replication_role = replica",
            "alter table records_entry disable row level security",
        ):
            with psycopg.connect(url) as connection, pytest.raises(InsufficientPrivilege):
                connection.execute(statement)
