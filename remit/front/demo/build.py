"""Builds the demonstration while its first page is already open; run again after an interruption, it goes on where it was."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from remit.domain.reasons import N_
from remit.front.pages.demonstration import Login

TODAY = datetime(2027, 2, 10, 8, 40, tzinfo=UTC)
"""What the demonstration's clock shows when it opens: Wednesday, 09:40 in Munich."""


def main() -> int:
    """0: built, or built before. The supervisor starts it again after any other end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "remit.front.settings")
    import django

    django.setup()
    from django.conf import settings

    # Its log-ins are entered by a click; their passwords need not be dear to guess, and twenty dear ones take longer than a year's books.
    settings.PASSWORD_HASHERS = ["remit.front.demo.login.Light"]
    from remit.apps.records import clock
    from remit.front.demo import market, threads
    from remit.front.demo.script import Script
    from remit.front.pages import demonstration

    told = demonstration.told(settings.REMIT_DATA)
    if told is not None and told.done:
        clock.go_on()
        return 0

    def tell(share: int, says: str = N_("Months of work are being done, reviewed, accepted and sealed.")) -> None:
        demonstration.tell(settings.REMIT_DATA, says, share)

    tell(2, N_("Organizations, people and rate cards are being made."))
    script = Script(datetime(2025, 8, 4, 7, tzinfo=UTC))
    made = market.build(script)
    tell(36)
    threads.main_thread(script, made, tell)
    tell(92, N_("Threads at every stage are being opened."))
    threads.other_threads(script, made)
    clock.set_to(max(script.now, TODAY))
    demonstration.tell(settings.REMIT_DATA, N_("The demonstration is built."), 100, done=True, logins=logins())
    return 0


def logins() -> list[Login]:
    """Who may be entered by one click, in the order of the thread."""
    return [
        Login("Petra Vogel", "petra@halden.example", N_("Client: CFO"), "Halden Instruments"),
        Login("Jonas Weber", "jonas@halden.example", N_("Client: accepts the work"), "Halden Instruments"),
        Login("Maya Dimitrova", "maya@rila.example", N_("Provider: delivery manager"), "Rila Ledger"),
        Login("Divya Rao", "divya@rila.example", N_("Professional: prepares"), "Rila Ledger"),
        Login("Arun Iyer", "arun@rila.example", N_("Professional: reviews"), "Rila Ledger"),
        Login("Ivan Petrov", "ivan@marin.example", N_("Auditor: reads and verifies"), "Marin & Brandt"),
        Login("Hanna Brückner", "hanna@brueckner.example", N_("Broker: reads a brief and its shortlist"), "Brückner Sourcing"),
        Login("Grace Whitman", "grace@northwind.example", N_("Client with its own unit abroad"), "Northwind Components"),
        Login("Sunil Patil", "sunil@pune.example", N_("The unit abroad"), "Northwind Services India"),
    ]


if __name__ == "__main__":
    sys.exit(main())
