"""From a clean clone with empty caches to the first page, and the second start: seconds of wall-clock.

`python3 dev.py bench bench/start.py`. Downloads count, so the first figure depends on the line; the file system's cache is as it is.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GIVE_UP_S = 600


def main() -> int:
    base = Path(tempfile.mkdtemp(prefix="remit-bench-"))
    base.chmod(0o711)
    checkout = base / "checkout"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(checkout)], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DATABASE_URL", "VIRTUAL_ENV", "PYTHONPATH"))}
    environment |= {"UV_CACHE_DIR": str(base / "uv"), "PIP_CACHE_DIR": str(base / "pip")}
    try:
        for measure in ("clean_clone_to_first_page_s", "second_start_s", "third_start_s"):
            print(json.dumps({"bench": "start", "measure": measure, "value": round(seconds_to_first_page(checkout, environment), 2)}), flush=True)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return 0


def seconds_to_first_page(checkout: Path, environment: dict[str, str]) -> float:
    """Until GET / is answered with 200; then Remit is stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    python = getattr(sys, "_base_executable", sys.executable)
    began = time.monotonic()
    process = subprocess.Popen(
        [python, "dev.py", "run", "--no-browser", "--port", str(port)], cwd=checkout, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr
    )
    try:
        while not is_answered(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.monotonic() - began > GIVE_UP_S:
                raise SystemExit("Remit did not open")
            time.sleep(0.02)
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        time.sleep(2)  # the keeper lingers for a second; the next start shall be a cold one


def is_answered(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status) == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
