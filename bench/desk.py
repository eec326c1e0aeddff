"""Today, the month's matrix and the work list of a provider with 400 people, 30 clients, 120 entities and 50,000 items: p95 and queries of each page.

`python3 dev.py bench bench/desk.py`, one line of JSON a page. One thread is built by actions to its closed month; its rows are then multiplied in the
database, at a small size and at the whole one: a page whose queries grow with the rows fails the run.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

OPEN_MONTHS = 2
"""The newest; those before are closed and billed."""
ROUNDS = 20
LEVELS = {
    "records_audience": 1, "records_participation": 1, "records_reader": 1,
    "organizations_organization": 1, "agreements_agreement": 1, "agreements_agreedline": 1,
    "agreements_signature": 1, "agreements_engagement": 1, "agreements_agreedentity": 2, "work_period": 3, "work_closing": 3, "billing_invoice": 3,
    "records_entry": 3, "work_workitem": 4, "work_assignment": 4, "work_deliverable": 4, "work_deliverablefile": 4, "work_review": 4,
    "work_acceptance": 4, "work_stepstate": 4, "work_itemfile": 4, "billing_invoiceline": 4,
}  # fmt: skip
"""Of each table whose rows are multiplied: by client; by its entities; by their months; by the months' items."""
COPIES = "/copies/"
SERIES = ("generate_series(1, {clients}) c", "generate_series(1, {entities}) e", "generate_series(0, {months} - 1) m", "generate_series(1, {items}) i")
SUFFIX = ("'c' || c", "'e' || e", "'m' || m", "'i' || i")
CLOSED = f"m >= {OPEN_MONTHS}"
ONLY = {
    "work_closing": CLOSED, "billing_invoice": CLOSED, "billing_invoiceline": CLOSED,
    "work_deliverable": f"({CLOSED} or i %% 4 > 0)", "work_deliverablefile": f"({CLOSED} or i %% 4 > 0)",
    "work_review": f"({CLOSED} or i %% 4 > 1)", "work_acceptance": f"({CLOSED} or i %% 4 > 2)",
}  # fmt: skip
"""A quarter of the open months' items each: nothing made, handed in, reviewed, accepted."""


def multiply(url: str, base: dict[str, list[Any]], sizes: dict[str, int], preparer: Any) -> None:
    """Copies of the base rows under keys derived from theirs; rules between rows are not looked at meanwhile, the copies follow them as the base does."""
    import psycopg
    from django.apps import apps

    models = {model._meta.db_table: model for model in apps.get_models()}
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("set session_replication_role = replica")
        people(db, models, sizes["people"], preparer)
        for table in sorted(LEVELS, key=lambda name: LEVELS[name]):
            db.execute(_copy(models[table], base, sizes, preparer), dict(base))
        db.execute("vacuum analyze")


def people(db: Any, models: dict[str, Any], count: int, preparer: Any) -> None:
    """Further people beside the one who prepares, on staff from the same day."""
    for table, own in (("people_person", "id"), ("people_staff", "person_id"), ("organizations_membership", "person_id")):
        columns = []
        for field in models[table]._meta.fields:
            column = f'"{field.column}"'
            if field.column in ("id", "person_id"):
                column = f"case when {column} is null then null else md5({column}::text || '{COPIES}p' || p)::uuid end"
            elif field.column == "user_id":
                column = "null"
            elif field.column == "reference":
                column = "'P' || lpad(p::text, 8, '0')"
            elif field.column == "name":
                column = "name || ' ' || p"
            columns.append(column)
        names = ", ".join(f'"{field.column}"' for field in models[table]._meta.fields)
        statement = f'insert into {table} ({names}) select {", ".join(columns)} from {table}, generate_series(1, {count} - 1) p where "{own}" = %s'
        db.execute(statement, [preparer])


def _copy(model: Any, base: dict[str, list[Any]], sizes: dict[str, int], preparer: Any) -> str:
    table = model._meta.db_table
    level = LEVELS[table]
    names, values = [], []
    person = f"((c * 97 + e * 13 + m * 7 + i) %% {sizes['people']})"
    for field in model._meta.fields:
        column = f't."{field.column}"'
        kind = field.get_internal_type()
        if kind.endswith("AutoField"):
            continue
        target = field.related_model._meta.db_table if field.is_relation else table if field.primary_key else ""
        if target == "records_tenant":
            target = "organizations_organization"
        if table == "people_person" or field.column == "person_id":
            value = f"case when {person} = 0 or {column} <> '{preparer}' then {column} else md5({column}::text || '{COPIES}p' || {person})::uuid end"
        elif target in LEVELS:
            suffix = " || ".join(SUFFIX[: LEVELS[target]])
            value = f"case when {column} = any(%({target})s) then md5({column}::text || '{COPIES}' || {suffix})::uuid else {column} end"
        elif field.column == "reference":
            value = f"left({column}, 2) || substr(upper(md5({column} || {' || '.join(SUFFIX[:level])})), 1, 10)"
        elif field.column in ("number", "work") and kind == "CharField":
            value = f"left(md5({column}), 14) || {' || '.join(SUFFIX[:level])}"
        elif level >= 3 and kind in ("DateField", "DateTimeField"):
            value = f"({column} - make_interval(months => m))" + ("::date" if kind == "DateField" else "")
        elif field.column == "name" and level <= 2:
            value = f"{column} || ' ' || {' || '.join(SUFFIX[:level])}"
        else:
            value = column
        names.append(f'"{field.column}"')
        values.append(value)
    series = ", ".join(SERIES[:level]).format(**sizes)
    only = f" and {ONLY[table]}" if table in ONLY else ""
    rows = f'where t."{model._meta.pk.column}" = any(%({table})s){only}'
    return f"insert into {table} ({', '.join(names)}) select {', '.join(values)} from {table} t, {series} {rows}"


def base_rows(url: str, engagement: Any) -> dict[str, list[Any]]:
    """By table the keys of the one thread that is multiplied."""
    import psycopg

    audience = "(select audience_id from agreements_engagement where id = %(id)s)"
    which = {
        "records_audience": f"id = {audience}",
        "organizations_organization": "tenant_id = (select client_id from agreements_engagement where id = %(id)s)",
        "records_entry": f"audience_id = {audience} and kind in ('invoice.drawn', 'step.assigned', 'deliverable.reviewed', 'deliverable.accepted')",
        "work_workitem": f"audience_id = {audience} and task = ''",
    }
    found = {}
    with psycopg.connect(url) as db:
        for table in LEVELS:
            key = "tenant_id" if table == "organizations_organization" else "id"
            rows = db.execute(f"select {key} from {table} where {which.get(table, f'audience_id = {audience}')}", {"id": engagement}).fetchall()
            found[table] = [row[0] for row in rows]
    return found


def measured(sizes: dict[str, int]) -> Iterator[dict[str, Any]]:
    """Each page at this size."""
    from remit.front.installation.testing import test_cluster

    with test_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        import django

        django.setup()
        from django.conf import settings
        from django.db import connection, connections
        from django.test.utils import CaptureQueriesContext

        from remit.apps.agreements.models import Engagement
        from remit.apps.people.models import Person
        from remit.apps.work.models import Period, WorkItem
        from remit.front.settings import database
        from tests import world as worlds

        data = Path(folder)
        (data / "keys").mkdir()
        (data / "keys" / "master.key").write_text(secrets.token_hex(32))
        settings.REMIT_DATA, settings.MASTER_KEY_FILE, settings.ALLOWED_HOSTS = data, data / "keys" / "master.key", ["testserver"]
        name = cluster.clone()
        connections["default"].close()
        connections["default"].settings_dict.update(database(cluster.program_url(name)))
        world = worlds.build()
        worlds.closed(world)
        engagement = world.one("maya", Engagement)
        started = time.perf_counter()
        multiply(cluster.superuser_url(name), base_rows(cluster.superuser_url(name), engagement.id), sizes, world.rila.persons["Elena Koleva"])
        print(f"multiplied in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
        with world.see("maya"):
            open_months = Period.objects.filter(closings=None)
            month = open_months.order_by("reference").first()
            item = WorkItem.objects.filter(period=month, deliverables__acceptances__verdict="accepted").order_by("reference").first()
            person = Person.objects.get(id=world.rila.persons["Elena Koleva"]).reference
            count = {"items": WorkItem.objects.count(), "open_items": WorkItem.objects.filter(period__in=open_months).count()}
        assert month is not None
        assert item is not None
        pages = (
            ("Today of who staffs everything", "maya", ""),
            ("Today of one who prepares", "elena", ""),
            ("the month: steps by entity", "maya", f"periods/{month.reference}/"),
            ("the work list", "maya", "work/"),
            ("an item", "maya", f"work/{item.reference}/"),
            ("staffing", "maya", "staffing/"),
            ("coverage of the team", "maya", "staffing/coverage/"),
            ("what runs out", "maya", "staffing/lapses/"),
            ("a person", "maya", f"people/{person}/"),
            ("everybody with their refusals for a step", "maya", f"staffing/{item.reference}/prepare/"),
        )
        with world.clock():
            for says, seat, path in pages:
                browser, address, took = world.browser(seat), world.path(seat, path), []
                browser.get(address)
                for _round in range(ROUNDS):
                    begun = time.perf_counter()
                    answer = browser.get(address)
                    took.append((time.perf_counter() - begun) * 1000)
                    assert answer.status_code == 200, (address, answer.status_code)
                with CaptureQueriesContext(connection) as queries:
                    browser.get(address)
                took.sort()
                facts = {"bench": "desk", "page": says, **count, "kb": len(answer.content) // 1024, "queries": len(queries)}
                yield facts | {"p50_ms": round(took[ROUNDS // 2]), "p95_ms": round(took[int(ROUNDS * 0.95) - 1])}
        connections.close_all()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("people", 400), ("clients", 30), ("entities", 4), ("months", 42), ("items", 10)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    sizes = vars(parser.parse_args())
    os.environ.update(DJANGO_SETTINGS_MODULE="remit.front.settings", REMIT_POOL_SIZE="0", REMIT_LOG_LEVEL="ERROR")
    small = sizes | {"clients": 2, "people": 4, "entities": 2, "months": 4, "items": 4}
    queries: dict[str, set[int]] = {}
    for size in (small, sizes):
        for found in measured(size):
            print(json.dumps(found), flush=True)
            queries.setdefault(found["page"], set()).add(found["queries"])
    grown = {page: sorted(counts) for page, counts in queries.items() if len(counts) > 1}
    if grown:
        print(f"queries grow with the rows: {grown}", file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
