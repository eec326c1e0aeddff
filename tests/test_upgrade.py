"""An installation kept over an upgrade of the program: every table of the older version holds a row, in the demonstration and in a real installation."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import connections, models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.migrations.executor import MigrationExecutor

from remit.apps.records.keys import uuid7
from remit.front.installation.layout import Installation
from remit.front.installation.migration import migrate_if_needed, migrated_marker
from remit.front.installation.testing import TEMPLATE
from remit.front.settings import database as parsed

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from remit.front.installation.testing import TestCluster

OLDER = {"organizations": "0003_mail"} | dict.fromkeys(("records", "people", "sourcing", "agreements", "work", "billing"), "0001_initial")
"""Where the older version stood: before guests brought work, log-ins had a second factor and relations were taken over."""
AT = datetime(2027, 2, 10, 8, 40, tzinfo=UTC)
OF_A_KIND: dict[type[models.Field], Any] = {
    models.AutoField: lambda: None,
    models.UUIDField: uuid7,
    models.DateTimeField: lambda: AT,
    models.DateField: lambda: AT.date(),
    models.BooleanField: lambda: False,
    models.BinaryField: lambda: b"\x01" * 32,
    models.JSONField: dict,
    models.IntegerField: lambda: 1,
    models.DecimalField: lambda: 1,
    models.GenericIPAddressField: lambda: "192.0.2.1",
    models.CharField: lambda: "x",
    models.TextField: lambda: "x",
    ArrayField: list,
    DateTimeRangeField: lambda: DateTimeTZRange(AT, AT + timedelta(hours=1)),
}


@dataclass
class Older:
    """A database as the older version left it, and how many rows stand in each of its tables."""

    name: str
    rows: dict[str, int]


@pytest.fixture(scope="module")
def older(cluster: TestCluster, django_db_blocker: DjangoDbBlocker) -> Iterator[Older]:
    name = cluster.create(f"older_{secrets.token_hex(4)}", "template0")
    owner = connections["owner"]
    owner.close()
    owner.settings_dict.update(parsed(cluster.owner_url(name)))
    with django_db_blocker.unblock():
        executor = MigrationExecutor(owner)
        libraries = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in OLDER]
        then = executor.migrate([*OLDER.items(), *libraries]).apps
        made: dict[type[models.Model], models.Model] = {}
        for model in then.get_models():
            if model._meta.app_label in OLDER:
                row_of(model, made)
        owner.close()
    yield Older(name, {model._meta.db_table: 1 for model in made})
    cluster.drop(name)


def row_of(model: Any, made: dict[Any, Any]) -> Any:
    """A row of a model, with those that it points to; while it is made nothing points to it."""
    if model not in made:
        made[model] = None
        values = {field.attname: value_of(field, made) for field in model._meta.concrete_fields if field.is_relation or not (field.has_default() or field.null)}
        made[model] = model.objects.using("owner").create(**{name: value for name, value in values.items() if value is not None})
    return made[model]


def value_of(field: Any, made: dict[Any, Any]) -> Any:
    if field.is_relation:
        target = row_of(field.related_model, made)
        return target.pk if target is not None else None
    if field.choices:
        return field.choices[0][0]
    kind = next((kind for kind in type(field).__mro__ if kind in OF_A_KIND), None)
    assert kind is not None, field
    return OF_A_KIND[kind]()


@dataclass
class Kept:
    """An installation of the newer program over a copy of the older database."""

    installation: Installation
    database: str
    cluster: TestCluster
    did: bool
    """Whether the start found something to migrate."""

    def ask(self, question: str) -> list[Any]:
        """As the owner, whom no policy narrows; of one column."""
        with psycopg.connect(self.cluster.owner_url(self.database)) as connection:
            return [row[0] for row in connection.execute(question.encode())]


@pytest.fixture(scope="module", params=[True, False], ids=["demonstration", "real"])
def kept(request: pytest.FixtureRequest, cluster: TestCluster, older: Older, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    name = cluster.create(f"kept_{secrets.token_hex(4)}", older.name)
    installation = Installation(tmp_path_factory.mktemp("data") / "it", request.param)
    installation.data.mkdir()
    for folder in (installation.keys, installation.files):
        folder.mkdir()
    (installation.data / "origin").write_text("demo" if request.param else "real")
    installation.secret_key.write_text(secrets.token_urlsafe(64))
    installation.master_key.write_text(secrets.token_hex(32))
    yield Kept(installation, name, cluster, migrate_if_needed(installation, cluster.urls(name)))
    cluster.drop(name)


def test_what_stood_in_the_older_version_stands(kept: Kept, older: Older) -> None:
    assert kept.did
    assert migrated_marker(kept.installation.data).exists()
    assert len(older.rows) > 70
    assert {table: kept.ask(f"select count(*) from {table}")[0] for table in older.rows} == older.rows


def test_the_schema_is_that_of_a_new_installation(kept: Kept) -> None:
    for what in (
        "select app || '.' || name from django_migrations",
        "select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable from information_schema.columns where table_schema = 'public'",
        "select tablename || '.' || policyname || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '') from pg_policies",
        "select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace",
        "select indexdef from pg_indexes where schemaname = 'public'",
        "select proname || ' ' || md5(prosrc) from pg_proc where pronamespace = 'public'::regnamespace",
        "select tgrelid::regclass || '.' || tgname from pg_trigger where not tgisinternal",
        "select table_name || '.' || privilege_type || ' ' || grantee from information_schema.role_table_grants where table_schema = 'public'",
    ):
        with psycopg.connect(kept.cluster.owner_url(TEMPLATE)) as connection:
            fresh = [row[0] for row in connection.execute(what.encode())]
        assert fresh
        assert sorted(kept.ask(what)) == sorted(fresh)


def test_the_people_of_a_demonstration_have_nothing_to_prove_themselves_by(kept: Kept) -> None:
    """They are entered by a click; in a real installation nobody is let off by an upgrade."""
    wanted = "none" if kept.installation.is_demo else "password"
    assert kept.ask("select sign_factor from organizations_organization") == [wanted]
