"""Who may see a row: each model declares its class, and the owner turns the classes into row level security after every migration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper
    from django.db.models import Model

PROGRAM, SEQUENCER = "remit_program", "remit_sequencer"

READS = (
    "exists (select 1 from records_reader r where r.audience_id = {audience} and r.principal in ((select my_principal()), (select my_membership())) "
    "and r.since <= (select my_instant()) and (r.until is null or r.until > (select my_instant())))"
)
MINE = "{column} = (select my_own())"
EMPLOYS = (
    "{person} = (select my_person()) or exists (select 1 from organizations_membership m where m.person_id = {person} "
    "and m.organization_id = (select my_own()) and m.since <= (select my_instant()) and (m.until is null or m.until > (select my_instant())))"
)
ANY = "(select my_own()) is not null or {organization} in (select p.tenant_id from records_participation p)"

Class = Literal[
    "own", "shared", "market", "secret", "person", "outside", "thread", "audience", "participation", "reader", "sequencer", "placed", "membership", "once"
]  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """The class of a model's rows and what the program may do with them besides reading and adding.

    own: its organization's. shared: read by the participants of `audience_id`. market: any organization reads, its own writes; a guest reads of those that
    take part where it does. secret: own until
    `opened_at` is set, then its audience. person: the person and organizations with a membership in force. outside: no tenant's, with the reason.
    The rest are the tables that carry the classes themselves.
    """

    kind: Class
    update: bool = True
    delete: bool = False
    column: str = ""
    """The column that decides, where it is not the usual one (organization_id, audience_id, person_id)."""
    why: str = ""
    grants: str = ""
    also: str = ""
    """Who reads a row besides ({table} stands for its name); nobody changes or adds one by it."""
    narrow: str = ""
    """What must hold besides for a row that a scoped member reads ({table} stands for its name): that it lies within what they are granted."""

    def using(self, table: str) -> tuple[str, str]:
        """(what may be read or changed, what may be added) as SQL conditions."""
        column = f"{table}.{self.column}" if self.column else ""
        organization = column or f"{table}.organization_id"
        reads = READS.format(audience=column or f"{table}.audience_id")
        mine = MINE.format(column=organization)
        person = EMPLOYS.format(person=column or f"{table}.person_id")
        match self.kind:
            case "own":
                return mine, mine
            case "shared" | "placed":
                return reads, reads
            case "market":
                return ANY.format(organization=organization), mine
            case "secret":
                return f"{mine} or ({table}.opened_at is not null and {READS.format(audience=f'{table}.audience_id')})", mine
            case "person":
                return person, person
            case "membership":
                return f"{mine} or {table}.person_id = (select my_person())", mine
            case "thread":
                opened = MINE.format(column=f"{table}.opened_by_id")
                inside = f"exists (select 1 from records_audience a where a.thread_id = {table}.id and {READS.format(audience='a.id')})"
                return f"{opened} or {inside}", opened
            case "audience":
                opened = MINE.format(column=f"{table}.opened_by_id")
                return f"{opened} or {READS.format(audience=f'{table}.id')}", opened
            case "participation":
                opened = f"exists (select 1 from records_audience a where a.id = {table}.audience_id and {MINE.format(column='a.opened_by_id')})"
                return f"{reads} or {MINE.format(column=f'{table}.tenant_id')}", f"{reads} or {opened}"
            case "reader":
                return f"{table}.principal in ((select my_principal()), (select my_membership()))", "false"
            case "sequencer":
                return "false", "true"
            case "once":
                acts = f"{organization} = (select my_organization()) and ((select my_guest()) is null or {table}.actor = (select my_guest()))"
                return acts, acts
        raise ValueError(self.kind)

    def statements(self, table: str) -> Iterator[str]:
        """SQL that gives the program its rights on a table and lays the policies, whatever was there before."""
        yield f"revoke all on {table} from {PROGRAM}, {SEQUENCER}"
        if self.kind == "outside":
            yield f"alter table {table} disable row level security"
            yield f"grant {self.grants or 'select, insert, update, delete'} on {table} to {PROGRAM}"
            return
        grants = ["insert"] if self.kind == "sequencer" else ["select"]
        if self.kind not in ("sequencer", "placed", "reader"):
            grants += ["insert"] + ["update"] * self.update + ["delete"] * self.delete
        yield f"alter table {table} enable row level security"
        yield f"grant {', '.join(grants)} on {table} to {PROGRAM}"
        reads, adds = self.using(table)
        writes = adds if self.kind in ("market", "secret", "membership", "thread", "audience") else reads
        if "select" in grants:
            also = f" or {self.also.format(table=table)}" if self.also else ""
            yield f"create policy reads on {table} for select to {PROGRAM} using ({reads}{also})"
        if self.narrow:
            # In a function, into which the planner does not look: written out, conditions on tables with conditions grew to a thousand subplans a query.
            lies = f"begin return {self.narrow.format(table='it')}; end"
            yield f"create or replace function narrow_{table}(it {table}) returns boolean language plpgsql stable as $$ {lies} $$"
            # A restrictive policy is asked before the others: of rows that are not read at all the function is not asked.
            within = f"not (select my_scoped()) or (({reads}) and narrow_{table}({table}))"
            yield f"create policy narrow on {table} as restrictive for select to {PROGRAM} using ({within})"
        if "insert" in grants:
            yield f"create policy adds on {table} for insert to {PROGRAM} with check ({adds})"
        if "update" in grants:
            yield f"create policy changes on {table} for update to {PROGRAM} using ({writes}) with check ({writes})"
        if "delete" in grants:
            yield f"create policy removes on {table} for delete to {PROGRAM} using ({writes})"


SEQUENCED = (
    "records_queued",
    "records_leaf",
    "records_head",
    "records_frontier",
    "records_tile",
    "records_rollupleaf",
    "records_checkpoint",
    "records_signingkey",
)


def apply(cursor: CursorWrapper) -> None:
    """As owner: run every app's sql/*.sql (which may be run again and again), then lay the grants and policies of every model."""
    from django.apps import apps

    ours = [config for config in apps.get_app_configs() if config.name.startswith("remit.apps.")]
    for config in ours:
        for file in sorted(Path(config.path, "sql").glob("*.sql")):
            cursor.execute(file.read_text())
    # What a file changed in rows is checked now: a table whose checks wait for the end of the transaction cannot be altered.
    cursor.execute("set constraints all immediate")
    cursor.execute("select tablename, policyname from pg_policies where schemaname = current_schema()")
    for table, policy in cursor.fetchall():
        cursor.execute(f"drop policy {policy} on {table}")
    cursor.execute(f"grant usage on schema public to {PROGRAM}, {SEQUENCER}")
    for model in apps.get_models():
        for statement in rows_of(model).statements(model._meta.db_table):
            cursor.execute(statement)
    for table in SEQUENCED:
        cursor.execute(f"grant select, insert, update, delete on {table} to {SEQUENCER}")
        cursor.execute("select relrowsecurity from pg_class where oid = %s::regclass", [table])
        if cursor.fetchone() == (True,):
            cursor.execute(f"create policy sequences on {table} to {SEQUENCER} using (true) with check (true)")
    # Libraries' tables without a model (job queue, cache of rates and used codes) and the counters of rows that count.
    cursor.execute("select tablename from pg_tables where schemaname = current_schema() and (tablename like 'procrastinate%%' or tablename = 'remit_cache')")
    for (table,) in cursor.fetchall():
        cursor.execute(f"grant select, insert, update, delete on {table} to {PROGRAM}")
    cursor.execute(f"grant usage, select on all sequences in schema public to {PROGRAM}, {SEQUENCER}")


def rows_of(model: type[Model]) -> Rows:
    """The declared class of a model; libraries' models are outside, with the reason."""
    declared = getattr(model, "rows", None)
    if isinstance(declared, Rows):
        return declared
    if model.__module__.startswith("remit."):
        raise TypeError(f"{model.__name__} declares no class of rows")
    return Rows("outside", why="a library's table: log-ins, sessions and jobs, which hold ids only")
