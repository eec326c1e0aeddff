"""Gate checks a second: one person and one act, and the matrix of people against needs as both grow to 10,000 x 500. No database.

`python3 dev.py bench bench/gate.py`, one line of JSON a size; `--most 500000` leaves out sizes of more checks than that.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from remit.domain import gate, line
from remit.domain.calendars import Calendar, WorkingHours
from remit.domain.gate.matrix import judged
from remit.formats.rules import shipped

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
SIZES = ((1, 1), (200, 50), (1_000, 100), (10_000, 500))
SITES = (
    ("BG", "Europe/Sofia", Calendar("BG"), clock(9), clock(18)),
    ("IN", "Asia/Kolkata", Calendar("IN-KA"), clock(13, 30), clock(22, 30)),
    ("PH", "Asia/Manila", Calendar("PH"), clock(14), clock(23)),
    ("PL", "Europe/Warsaw", Calendar("PL"), clock(8), clock(17)),
)
TITLES = (("Bilanzbuchhalter", "DE"), ("CA (ICAI)", "IN"), ("CPA", "US-NY"), ("CPA", "PH"), ("Steuerberater", "DE"))
PLACES = (("DE", "Europe/Berlin"), ("US-NY", "America/New_York"), ("GB-EAW", "Europe/London"), ("FR", "Europe/Paris"), ("BG", "Europe/Sofia"))
ACTS = ("run_bookkeeping", "prepare_tax_return", "sign_audit_opinion", "run_payroll", "")


def people(count: int, chance: random.Random) -> Iterator[gate.PersonFacts]:
    for number in range(count):
        country, zone, calendar, start, end = chance.choice(SITES)
        kind, place = chance.choice(TITLES)
        held = gate.Credential.stated(kind, place, date(2016, 1, 1), chance.choice((None, date(2026, 10, 1))), gate.Proof.VERIFIED, AT)
        yield gate.PersonFacts(
            key=f"p{number}",
            levels=(gate.Level(level=chance.randint(1, 5)),),
            experience=(gate.Experience(field="bookkeeping", start_on=date(chance.randint(2010, 2026), 1, 1)),),
            credentials=(held,) if chance.random() < 0.5 else (),
            languages=tuple(gate.Language(code=code, level=chance.choice(gate.CEFR)) for code in chance.sample(("de", "en", "fr", "bg"), 2)),
            software=(gate.Software(code=chance.choice(("DATEV", "SAP"))),),
            hours=(gate.Hours(hours=WorkingHours.on_weekdays(zone, start, end, calendar)),),
            places=(gate.Place(country=country),),
            degrees=(gate.Degree(level=6, field="Accounting"),),
            trainings=(gate.Training(code="close", version="3"),),
            systems=(gate.SystemAccess(system="DATEV"),),
            knows=(gate.Knows(jurisdiction=place),),
            memberships=(gate.Membership(organization="house"),),
            walls=(gate.Wall(against=f"client {chance.randrange(30)}"),) if chance.random() < 0.1 else (),
        )


def needs(count: int, chance: random.Random) -> Iterator[tuple[gate.Act, gate.Need, datetime]]:
    for number in range(count):
        place, zone = chance.choice(PLACES)
        yield (
            chance.choice((gate.Act.PREPARE, gate.Act.REVIEW)),
            gate.Need(
                step=line.Need(level=chance.randint(1, 4), act=chance.choice(ACTS)),
                field="bookkeeping",
                years=chance.choice((0, 3)),
                client=f"client {number % 30}",
                provider="house",
                jurisdiction=place,
                zone=zone,
                languages=((chance.choice(("de", "en")), "B2"),),
                software=("DATEV",),
                systems=("DATEV",),
                trainings=(("close", "3"),),
                hours=WorkingHours.on_weekdays(zone, clock(9), clock(17), Calendar(place[:2])),
                shared_min=180,
                holds=("personal",),
            ),
            AT,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=10_000_000)
    most = parser.parse_args().most
    rules = shipped()
    for how_many, asked in SIZES:
        if how_many * asked > most:
            continue
        chance = random.Random(7)
        persons, wanted = list(people(how_many, chance)), list(needs(asked, chance))
        rounds = 2_000 if how_many == 1 else 1
        started = time.perf_counter()
        allowed = sum(verdict.allowed for _ in range(rounds) for _, verdicts in judged(persons, wanted, rules) for verdict in verdicts)
        took = time.perf_counter() - started
        checks = how_many * asked * rounds
        facts = {"people": how_many, "needs": asked, "checks": checks, "allowed": allowed, "seconds": round(took, 2), "per_s": round(checks / took)}
        print(json.dumps({"bench": "gate", **facts}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
