"""Twelve months of three companies, driven through the API alone; in the middle of June the machine is lost and restored from a backup.

`python bench/year.py [--months 12] [--keep FOLDER]`: one line of JSON at each stage, the last with every figure recomputed from the exported files alone by
bench/recompute.py, which imports nothing of Remit; exit status 1 where anything differs.

Everyone is founded in the process, as by an administrator at the machine; from the brief on every act is a POST to /api/v1 with the token of whoever does
it, under the demonstration's clock. What happens unasked (sealing, packs) is done by the job as the worker does it. In the year: the price of an entry rises
on 1 June; a preparer leaves at the end of August; the licence of whoever answers for the work lapses on 30 September and is renewed after work stood still;
March is found wrong in October, reopened and sealed again.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from bench.recompute import recomputed  # noqa: E402

PASSPHRASE = "correct horse battery staple"
ENTITIES = {"gmbh": "2026-01-01", "vitosha": "2026-01-01", "brno": "2026-01-01"}
LOST = 6
"""The month in which the machine is lost, with its first item handed in and nothing else done."""
RISES, LEAVES, LAPSES, ERROR_IN, FOUND_IN = 6, 9, 10, 3, 10
"""Months: the new price holds, the preparer is gone, the licence is over, the month that was wrong, and when that was found."""
PRICES = {"before": "0.85", "after": "0.95"}
TAX = {"gmbh": {}, "vitosha": {"tax_category": "S", "tax_rate": "20"}, "brno": {}}


class Unexpected(Exception):
    """An answer of the API that the script did not foresee."""


@dataclass
class Year:
    """What the script knows between its stages: kept as JSON beside the installation, for each stage is a process of its own."""

    path: Path
    now: str = "2025-11-03T08:00:00+00:00"
    houses: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    items: dict[str, dict[str, str]] = field(default_factory=dict)
    calls: int = 0
    refusals: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Year:
        return cls(path, **json.loads(path.read_text())) if path.exists() else cls(path)

    def write(self) -> None:
        self.path.write_text(json.dumps({name: value for name, value in self.__dict__.items() if name != "path"}))


class Doors:
    """Posts and gets as whoever holds a seat, under the year's own clock, which moves three minutes with each act."""

    def __init__(self, year: Year) -> None:
        self.year = year

    def on(self, day: date, hour: int = 8) -> None:
        """Move on to an hour of a day, UTC; never back."""
        from remit.apps.records import clock

        at = max(datetime.fromisoformat(self.year.now), datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
        self.year.now = at.isoformat()
        clock.set_to(at)

    def do(self, seat: str, action: str, **values: Any) -> dict[str, Any]:
        """One act that is done; its key is the same where the script comes by again."""
        status, said = self._post(seat, action, values)
        if status != 200:
            raise Unexpected(f"{seat} {action}: {status} {said}")
        return said

    def answered(self, seat: str, action: str, **values: Any) -> list[str]:
        """The status and the codes of an act that is not done."""
        status, said = self._post(seat, action, values)
        if status == 200:
            raise Unexpected(f"{seat} {action} was done")
        given = said.get("reasons") or [each for field in said.get("errors", {}).values() for each in field]
        return [str(status), *sorted({each["code"] for each in given})]

    def get(self, seat: str, rest: str) -> Any:
        answer = self._client().get(f"/api/v1/o/{self._house(seat)}/{rest}", headers=self._headers(seat))
        if answer.status_code != 200:
            raise Unexpected(f"{seat} {rest}: {answer.status_code}")
        return answer.json()

    def content(self, seat: str, key: str) -> bytes:
        """The bytes of a file."""
        answer = self._client().post(f"/api/v1/o/{self._house(seat)}/files/{key}", headers=self._headers(seat))
        if answer.status_code != 200:
            raise Unexpected(f"{seat} file {key}: {answer.status_code}")
        return bytes(answer.content)

    def _post(self, seat: str, action: str, values: dict[str, Any]) -> tuple[int, Any]:
        from remit.apps.records import clock

        self.year.calls += 1
        at = datetime.fromisoformat(self.year.now) + timedelta(minutes=3)
        self.year.now = at.isoformat()
        clock.set_to(at)
        headers = self._headers(seat) | {"Idempotency-Key": f"year-{self.year.calls}-{action}"}
        path = f"/api/v1/o/{self._house(seat)}/actions/{action.replace('_', '-')}"
        answer = self._client().post(path, json.dumps(values, default=str), content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    def _client(self) -> Any:
        from django.test import Client

        return Client()

    def _house(self, seat: str) -> str:
        return self.year.houses[seat]

    def _headers(self, seat: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.year.tokens[seat]}"}


@contextmanager
def opened(data: Path) -> Iterator[Doors]:
    """An installation of the demonstration's kind with its sequencer, empty at first, and the year's clock; Django is ready inside."""
    from remit.front.installation.keeper import cluster
    from remit.front.installation.layout import Installation
    from remit.front.installation.migration import migrate_if_needed
    from remit.front.installation.processes import module_command
    from remit.front.installation.serving import program_environment

    made = Installation(data, is_demo=True).prepare()
    with cluster(data) as urls:
        migrate_if_needed(made, urls)
        environment = program_environment(made, urls)
        command = module_command("remit.front.installation.sequencer", str(data))
        sequencer = subprocess.Popen(command, env=environment | urls.environment(), stdin=subprocess.DEVNULL)
        os.environ.update(environment | {"REMIT_POOL_SIZE": "0", "REMIT_LOG_LEVEL": "ERROR"})
        try:
            import django

            django.setup()
            from django.conf import settings
            from django.db import connections

            settings.ALLOWED_HOSTS = ["testserver"]
            settings.PASSWORD_HASHERS = ["remit.front.demo.login.Light"]
            year = Year.read(data.parent / "year.json")
            yield Doors(year)
            year.write()
            connections.close_all()
        finally:
            sequencer.terminate()
            sequencer.wait()


def founded(doors: Doors) -> None:
    """The market's people, a token for each who acts, and the thread up to its signed agreement."""
    from remit.apps.organizations.models import Organization
    from remit.apps.organizations.tokens import issue_token
    from remit.front.demo import market, months, people, threads
    from remit.front.demo.script import Script, one

    year = doors.year
    # Whoever answers for the German books holds a licence that ends within the year.
    licensed = next(each for each in people.RILA if each.name == "Georgi Stanev")
    credentials = tuple((kind, since, "2026-09-30" if kind == "Bilanzbuchhalter" else until, proof) for kind, since, until, proof in licensed.credentials)
    people.RILA = tuple(replace(each, credentials=credentials) if each is licensed else each for each in people.RILA)
    script = Script(datetime(2025, 8, 4, 7, tzinfo=UTC))
    made = market.build(script)
    for house in (made.halden, made.rila, made.marin):
        for seat, by in house.seats.items():
            year.tokens[seat] = issue_token(by=by, at=script.now, name="year", scopes=["*"], days=365)[0]
            year.houses[seat] = one(Organization, by, script.now, pk=house.key).reference
    year.keys |= {name: str(key) for name, key in made.rila.persons.items()} | {"rila": str(made.rila.key), "marin": str(made.marin.key)}
    doors.on(date(2025, 11, 3))
    function = doors.do("petra", "name_function", service="bookkeeping", name="Monthly close")
    doors.do("petra", "assess_function", function=function["id"])
    brief = doors.do("petra", "write_brief", title="Monthly close of three companies", function=function["id"])
    answers = threads.answers("DE", "de", "Europe/Berlin", entities=3, software="DATEV")
    doors.do("petra", "answer_brief", brief=brief["id"], answers=answers)
    doors.do("petra", "draw_shortlist", brief=brief["id"])
    award = doors.do("petra", "award_brief", brief=brief["id"], provider=year.keys["rila"], reason="A full day together, and a qualified person who answers.")
    agreement = doors.do("petra", "draft_agreement", award=award["id"])["id"]
    joining = [months.joining(made, name, joins_on) for name, joins_on in ENTITIES.items()]
    contacts = [{"side": "client", "name": "Jonas Weber"}, {"side": "provider", "name": "Maya Dimitrova"}]
    tax = {"tax_category": "AE", "tax_reason": threads.REVERSE_CHARGE}
    doors.do("petra", "settle_terms", agreement=agreement, contacts=contacts, entities=joining, **tax)
    doors.do("maya", "settle_terms", agreement=agreement, responsible=year.keys["Georgi Stanev"], iban="BG80BNBG96611020345678")
    for seat in ("petra", "maya"):
        doors.do(seat, "sign_agreement", agreement=agreement)
    year.keys["agreement"] = agreement
    (engagement,) = list(doors.get("maya", "engagements"))
    year.keys["engagement"] = engagement["id"]
    year.keys |= {f"entity-{name}": key for name, key in _agreed(made, agreement, script)}
    doors.do("petra", "admit_auditor", engagement=engagement["id"], auditor=year.keys["marin"])


def _agreed(made: Any, agreement: str, script: Any) -> Iterator[tuple[str, str]]:
    """The agreed entities' keys, which their side reads on the engagement's page."""
    from remit.apps.agreements.models import AgreedEntity
    from remit.apps.records.context import reading

    with reading(made.rila.seats["maya"], script.now + timedelta(days=365)):
        for name in ENTITIES:
            yield name, str(AgreedEntity.objects.get(agreement=agreement, entity_id=made.entities[name]).id)


def papers_of(entity: str) -> dict[int, Any]:
    """The statement and the ledger of each month, as the companies' books of the year give them."""
    from remit.lines import examples
    from remit.lines.bookkeeping.examples import months, year
    from remit.lines.bookkeeping.examples.firms import BRNO, HALDEN, VITOSHA

    if entity == "gmbh":
        first = {month.first.month: year.papers(HALDEN, month, number) for month, number in year.halden()}
        return first | {number: examples.load("bookkeeping", f"halden-2026-{number}").papers for number in (10, 11, 12)}
    firm, opening, plan = (BRNO, Decimal("2418306.40"), year.CZECH) if entity == "brno" else (VITOSHA, Decimal("61240.15"), months.Plan(vat=Decimal("0.20")))
    scribe, found = months.Scribe(firm, opening), {}
    for number in range(1, 13):
        scribe.begin(date(2026, number, 1))
        scribe.run(plan)
        found[number] = year.papers(firm, scribe.end(), number)
    return found


def fee_of(entity: str) -> tuple[str, str]:
    """How the bank calls its charge in an entity's statement, and the account for it."""
    from remit.lines.bookkeeping.examples.firms import BRNO, HALDEN, VITOSHA

    firm = {"gmbh": HALDEN, "vitosha": VITOSHA, "brno": BRNO}[entity]
    return firm.words["fee"], firm.number("fees")


def month_after(month: int, day: int) -> date:
    """A working day in the month after one of 2026."""
    found = date(2026 + month // 12, month % 12 + 1, day)
    return found + timedelta(days=7 - found.weekday() if found.weekday() > 4 else 0)


def people_of(entity: str, month: int) -> tuple[str, str]:
    """The seats that prepare and review: Divya prepares the German books until she leaves."""
    if entity == "gmbh":
        return ("divya" if month < LEAVES - 1 else "nikolay"), "arun"
    return "nikolay", "georgi"


NAMES = {"divya": "Divya Rao", "arun": "Arun Iyer", "nikolay": "Nikolay Petkov", "georgi": "Georgi Stanev"}


def begun(doors: Doors, entity: str, month: int) -> dict[str, str]:
    """The month open, staffed, with its papers; nothing decided yet."""
    year = doors.year
    made = doors.do("maya", "open_period", engagement=year.keys["engagement"], entity=year.keys[f"entity-{entity}"], month=f"2026-{month:02}-01")
    if entity == "gmbh":
        hindered(doors, month, made["id"])
    staffed(doors, made["id"], *people_of(entity, month))
    for paper in papers_of(entity)[month]:
        file = {"name": paper.name, "content": base64.b64encode(paper.data).decode()}
        doors.do(people_of(entity, month)[0], "bring_paper", item=made["id"], slot=paper.slot, file=file)
    found = doors.get("maya", f"items/{made['reference']}")
    year.items[f"{entity}-{month:02}"] = {"id": made["id"], "reference": made["reference"], "period": found["period"]}
    return year.items[f"{entity}-{month:02}"]


def hindered(doors: Doors, month: int, item: str) -> None:
    """Who left can neither be assigned nor act; while the licence is over nobody can be assigned."""
    year = doors.year
    if month == LEAVES - 1:
        year.refusals["the leaver is assigned"] = doors.answered("maya", "assign", item=item, step="prepare", person=year.keys["Divya Rao"])
        year.refusals["the leaver acts"] = doors.answered("divya", "take_suggestions", item=item, step="prepare")
    if month == LAPSES - 1:
        year.refusals["the licence is over"] = doors.answered("maya", "assign", item=item, step="review", person=year.keys["Arun Iyer"])
        renewed(doors)


def staffed(doors: Doors, item: str, preparer: str, reviewer: str) -> None:
    for step, seat in (("prepare", preparer), ("review", reviewer)):
        doors.do("maya", "assign", item=item, step=step, person=doors.year.keys[NAMES[seat]])


def reconciled(doors: Doors, seat: str, entity: str, item: dict[str, str], words: str = "Paid on the last day; the bank books it in the next month.") -> None:
    """What software is sure of is taken; what is left is matched by its amount, proposed as the bank's charge, or explained."""
    board = doors.get(seat, f"items/{item['reference']}/board?step=prepare")
    if any(each["sure"] for each in board["suggested"]):
        doors.do(seat, "take_suggestions", item=item["id"], step="prepare")
        board = doors.get(seat, f"items/{item['reference']}/board?step=prepare")
    taken = {key for group in board["groups"] for key in (*group["left"], *group["right"])}
    statement = [row for row in board["rows"] if row["key"] not in taken]
    ledger = [row for row in board["right"] if row["key"] not in taken]
    fee, account = fee_of(entity)
    for row in statement:
        pair = next((other for other in ledger if other["cells"][3] == row["cells"][3]), None)
        if pair is not None:
            ledger.remove(pair)
            values = {"statement": [row["key"]], "ledger": [pair["key"]], "note": "The same amount; order and confirmation seen."}
            doors.do(seat, "move", item=item["id"], step="prepare", command="match", values=values)
        elif fee in row["cells"][1]:
            values = {"item": row["key"], "account": account, "words": row["cells"][1]}
            doors.do(seat, "move", item=item["id"], step="prepare", command="propose", values=values)
    for row in ledger:
        doors.do(seat, "move", item=item["id"], step="prepare", command="explain", values={"item": row["key"], "kind": "timing", "words": words})


def handed_in(doors: Doors, entity: str, month: int) -> str:
    """Reconciled and handed in; gives the deliverable. In the month after its end the licence is over: refused until it is renewed."""
    preparer, _reviewer = people_of(entity, month)
    item = doors.year.items[f"{entity}-{month:02}"]
    reconciled(doors, preparer, entity, item)
    return str(doors.do(preparer, "hand_in", item=item["id"])["id"])


def finished(doors: Doors, entity: str, month: int, deliverable: str) -> None:
    """Reviewed, accepted, invoiced, closed, sealed, the pack given."""
    _preparer, reviewer = people_of(entity, month)
    item = doors.year.items[f"{entity}-{month:02}"]
    period = doors.get("maya", f"periods/{item['period']}")
    doors.on(month_after(month, 5), 9)
    doors.do(reviewer, "review", deliverable=deliverable, verdict="passed", note="Bridge and open items seen.")
    doors.on(month_after(month, 8), 10)
    doors.do("jonas", "accept", deliverable=deliverable)
    doors.do("maya", "draw_invoice", period=period["id"])
    doors.on(month_after(month, 10), 13)
    closed(doors, item["period"], period["id"])


def closed(doors: Doors, reference: str, period: str) -> None:
    """Closed by the client; sealed and given by the job, once the sequencer has signed."""
    from remit.apps.records import clock
    from remit.front import jobs

    before = doors.get("petra", f"periods/{reference}")["sealed_at"]
    doors.do("petra", "close_period", period=period)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        doors.year.now = (datetime.fromisoformat(doors.year.now) + timedelta(seconds=1)).isoformat()
        clock.set_to(datetime.fromisoformat(doors.year.now))
        jobs.seal_what_is_closed()
        found = doors.get("petra", f"periods/{reference}")
        if found["pack"] and found["sealed_at"] != before:
            return
        time.sleep(0.05)
    raise Unexpected(f"{reference} was not sealed within a minute")


def month_of_all(doors: Doors, month: int, entities: list[str]) -> None:
    """One month of the companies, with what befalls the house in it."""
    year = doors.year
    doors.on(month_after(month, 2), 8)
    if month == LEAVES - 1:
        doors.do("maya", "end_employment", person=year.keys["Divya Rao"])
    for entity in entities:
        if f"{entity}-{month:02}" in year.items:
            continue
        begun(doors, entity, month)
    for entity in entities:
        finished(doors, entity, month, handed_in(doors, entity, month))
    if month == RISES - 2:
        price = {"level": 2, "basis": "unit", "measure": "entry", "price": PRICES["after"], "valid_from": f"2026-{RISES:02}-01"}
        doors.do("petra", "agree_price", agreement=year.keys["agreement"], **price)
    if month == FOUND_IN - 1:
        once_more(doors, "gmbh", ERROR_IN)


def renewed(doors: Doors) -> None:
    """The licence of whoever answers for the work is on file again, and checked."""
    held = doors.do(
        "maya",
        "add_credential",
        person=doors.year.keys["Georgi Stanev"],
        kind="Bilanzbuchhalter",
        issuer="IHK München und Oberbayern",
        jurisdiction="DE",
        valid_from="2026-10-01",
    )
    doors.do("maya", "verify_credential", credential=held["id"], source="Register: IHK", seen="Name, number and date agree", outcome="verified")


def once_more(doors: Doors, entity: str, month: int) -> None:
    """A sealed month is found wrong half a year later: reopened with its reason, put right, reviewed, accepted and sealed again."""
    year = doors.year
    item = year.items[f"{entity}-{month:02}"]
    period = doors.get("maya", f"periods/{item['period']}")
    doors.do("petra", "reopen_period", period=period["id"], reason="The payment that was open was ordered twice: the explanation of the month is to say so.")
    wrong = {"category": "unclear", "cause": "papers", "found_by": "client", "found_by_name": "Petra Vogel"}
    doors.do("petra", "reopen_item", item=item["id"], says="The second order was not known when the month was accepted.", **wrong)
    staffed(doors, item["id"], "nikolay", "arun")
    reconciled(doors, "nikolay", entity, item, "Ordered twice: the second order was taken back, the first left the bank in the next month.")
    made = doors.do("nikolay", "hand_in", item=item["id"])
    doors.do("arun", "review", deliverable=made["id"], verdict="passed", note="The new explanation is seen.")
    doors.do("jonas", "accept", deliverable=made["id"])
    closed(doors, item["period"], period["id"])


def exported(doors: Doors, folder: Path) -> None:
    """What the auditor may take away: the pack of every month, and what the API says of months and invoices."""
    folder.mkdir(exist_ok=True)
    periods = doors.get("ivan", "periods")
    for period in periods:
        (folder / f"{period['reference']}.zip").write_bytes(doors.content("ivan", period["pack"]))
    (folder / "periods.json").write_text(json.dumps(periods))
    (folder / "invoices.json").write_text(json.dumps(doors.get("maya", "invoices")))


def stage(name: str, folder: Path, last: int) -> None:
    """One stage in this process: Django can serve only one installation."""
    first, again = folder / "first", folder / "again"
    with opened(again if name == "after" and again.exists() else first) as doors:
        entities = list(ENTITIES)
        if name == "before":
            founded(doors)
            for month in range(1, min(LOST, last + 1)):
                month_of_all(doors, month, entities)
            if last >= LOST:
                doors.on(month_after(LOST, 2), 8)
                begun(doors, "gmbh", LOST)
            return
        if last >= LOST:
            for entity in entities[1:]:
                begun(doors, entity, LOST)
            for entity in entities:
                finished(doors, entity, LOST, handed_in(doors, entity, LOST))
        for month in range(LOST + 1, last + 1):
            month_of_all(doors, month, entities)
        exported(doors, folder / "exports")


def agreed_price(begins_on: str) -> Decimal:
    """Of a bank entry in the month that begins then."""
    return Decimal(PRICES["after"] if int(begins_on[5:7]) >= RISES else PRICES["before"])


def lost_and_restored(folder: Path) -> dict[str, Any]:
    """A backup, the machine gone, another from the backup."""
    from remit.front.installation.backup import make, restore
    from remit.front.installation.keeper import Use
    from remit.front.installation.layout import Installation

    first = folder / "first"
    began = time.perf_counter()
    make(Installation(first, is_demo=True), folder / "backup", PASSPHRASE)
    while Use(first).has_keeper():
        time.sleep(0.1)
    shutil.rmtree(first)
    found = restore(folder / "backup", PASSPHRASE, folder / "again")
    if found.disagreement is not None or not found.is_compared:
        raise Unexpected(f"the restored installation disagrees with its checkpoint: {found.disagreement}")
    return {"stage": "restored", "seconds": round(time.perf_counter() - began, 1), "backup_bytes": (folder / "backup").stat().st_size}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=12, choices=range(1, 13), metavar="N")
    parser.add_argument("--keep", type=Path, help="keep the exported files in this folder")
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stage:
        stage(given.stage, given.folder, given.months)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="remit-year-"))
    folder.chmod(0o711)
    try:
        for name in ("before", "after"):
            began = time.perf_counter()
            subprocess.run([sys.executable, __file__, "--stage", name, "--folder", str(folder), "--months", str(given.months)], check=True)
            year = json.loads((folder / "year.json").read_text())
            print(json.dumps({"stage": name, "seconds": round(time.perf_counter() - began, 1), "acts": year["calls"]}), flush=True)
            if name == "before" and given.months >= LOST:
                print(json.dumps(lost_and_restored(folder)), flush=True)
        said = recomputed(folder / "exports", price=agreed_price) | {"refused": year["refusals"]}
        print(json.dumps(said))
        if given.keep:
            shutil.copytree(folder / "exports", given.keep, dirs_exist_ok=True)
        return 1 if said["differences"] else 0
    finally:
        from remit.front.installation.keeper import Use

        while any(Use(folder / name).has_keeper() for name in ("first", "again") if (folder / name).exists()):
            time.sleep(0.1)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
