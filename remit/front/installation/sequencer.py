"""The sequencer's process: waits until the database is migrated, then runs the loop that the records keep."""

import importlib
import os
import signal
import sys
import time
from pathlib import Path

from remit.front.installation.layout import Installation
from remit.front.installation.migration import migrated_marker

MODULE = "remit.apps.records.sequencer"


def main(arguments: list[str]) -> int:
    data = Path(arguments[0])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    while not migrated_marker(data).exists():
        time.sleep(0.2)
    try:
        module = importlib.import_module(MODULE)
    except ModuleNotFoundError as missing:
        if missing.name != MODULE:
            raise
        print("this version has no sequencer", flush=True)
        return 0
    try:
        module.run(os.environ["REMIT_SEQUENCER_URL"], Installation(data, is_demo=False).sequencer_key)
    except module.Forked as fork:
        print(fork, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
