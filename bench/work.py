"""How long a work item with a statement of 10,000 lines is waited for: each act and each page, on a real database: `python bench/work.py`, one line of JSON."""

from __future__ import annotations

import argparse
import base64
import json
import os
import random
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def papers(lines: int, account: str, iban: str) -> tuple[bytes, bytes]:
    """(statement as MT940, ledger as CSV) of October 2026: most lines tie by reference, one in fifty stays open on either side."""
    chance = random.Random(1)
    statement, ledger = [], ["Buchungsdatum;Beleg;Konto;Kontobezeichnung;Soll;Haben;Buchungstext;Geschäftspartner;Rechnungsnummer"]
    balance = opening = Decimal("100000.00")
    ledger.append(f"01.10.2026;EB;{account};Bank;{_de(opening)};;Saldovortrag;;")
    ledger.append(f"01.10.2026;EB;9000;Vortrag;;{_de(opening)};Saldovortrag;;")
    for number in range(lines):
        on = date(2026, 10, 1) + timedelta(days=number * 31 // lines)
        amount = Decimal(chance.randrange(100, 900_000)) / 100
        reference = f"RE-{100000 + number}"
        balance += amount
        statement.append(
            f":61:{on:%y%m%d}{on:%m%d}C{amount}NTRF{reference}\n:86:166?00GUTSCHRIFT?20Rechnung {reference}?32Kunde {number % 400}".replace(".", ",")
        )
        if number % 50:
            ledger.append(f"{on:%d.%m.%Y};KE-{number};{account};Bank;{_de(amount)};;Zahlung {reference};Kunde {number % 400};{reference}")
            ledger.append(f"{on:%d.%m.%Y};KE-{number};8400;Erlöse;;{_de(amount)};Zahlung {reference};Kunde {number % 400};{reference}")
    head = f":20:BENCH\n:25:{iban}\n:28C:10/1\n:60F:C261001EUR{opening}".replace(".", ",")
    tail = f":62F:C261031EUR{balance}\n-".replace(".", ",")
    return "\n".join([head, *statement, tail]).encode(), "\n".join(ledger).encode()


def _de(amount: Decimal) -> str:
    return str(amount).replace(".", ",")


def measured(lines: int) -> dict[str, Any]:
    """Seconds of each act and page, first and again, and the most memory."""
    from remit.front.installation.testing import test_cluster

    os.environ.update(DJANGO_SETTINGS_MODULE="remit.front.settings", REMIT_POOL_SIZE="0", REMIT_LOG_LEVEL="ERROR")
    with test_cluster() as cluster, tempfile.TemporaryDirectory() as folder:
        import django

        django.setup()
        from django.conf import settings
        from django.db import connections

        from remit.front.settings import database
        from remit.lines import examples
        from tests import world as worlds

        data = Path(folder)
        (data / "keys").mkdir()
        (data / "keys" / "master.key").write_text(secrets.token_hex(32))
        settings.REMIT_DATA, settings.MASTER_KEY_FILE = data, data / "keys" / "master.key"
        settings.ALLOWED_HOSTS = ["testserver"]
        name = cluster.clone()
        connections["default"].settings_dict.update(database(cluster.program_url(name)))
        world = worlds.build()
        item = worlds.opened(world)
        entity = examples.load("bookkeeping", worlds.MONTH).entity
        statement, ledger = papers(lines, entity["bank_ledger_account"], entity["bank_account"])
        took: dict[str, Any] = {"lines": lines}

        def timed(what: str, act: Callable[[], Any]) -> Any:
            started = time.perf_counter()
            result = act()
            took[what] = round(time.perf_counter() - started, 2)
            return result

        key, browser, path = str(item.id), world.browser("elena"), world.path("elena", f"work/{item.reference}/")
        with world.clock():
            for slot, file, content in (("statement", "october.sta", statement), ("ledger", "october.csv", ledger)):
                given = {"name": file, "content": base64.b64encode(content).decode()}
                timed(f"bring_{slot}_s", lambda slot=slot, given=given: world.do("elena", "bring_paper", item=key, slot=slot, file=given))
            timed("page_unmatched_first_s", lambda: browser.get(path))
            timed("page_unmatched_again_s", lambda: browser.get(path))
            timed("take_suggestions_s", lambda: world.do("elena", "take_suggestions", item=key, step="prepare"))
            answer = timed("page_matched_first_s", lambda: browser.get(path))
            took["page_kb"] = len(answer.content) // 1024
            timed("page_matched_again_s", lambda: browser.get(path))
            item_key = answer.content.decode().partition('id="open"')[2].partition('name="statement" value="')[2].partition('"')[0]
            values = {"item": item_key, "kind": "timing", "words": "Booked later"}
            timed("one_move_s", lambda: world.do("elena", "move", item=key, step="prepare", command="explain", values=values))
            timed("page_after_a_move_s", lambda: browser.get(path))
        took["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        connections.close_all()
        return took


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    print(json.dumps(measured(parser.parse_args().lines)))
