"""Folders for real servers, and a small Django project to serve, so that these tests rest on nothing but this package."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SETTINGS = """
import os
from psycopg.conninfo import conninfo_to_dict

def database(url):
    parts = conninfo_to_dict(url)
    return {"ENGINE": "django.db.backends.postgresql", "NAME": parts["dbname"], "USER": parts["user"], "HOST": parts["host"]}

DATABASES = {"default": database(os.environ["DATABASE_URL"])}
if "REMIT_OWNER_URL" in os.environ:
    DATABASES["owner"] = database(os.environ["REMIT_OWNER_URL"])
SECRET_KEY = open(os.environ["REMIT_SECRET_KEY_FILE"]).read().strip()
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
ROOT_URLCONF = "trial_urls"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
USE_TZ = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "trial_cache"}}
"""
URLS = """
from django.db import connection
from django.http import HttpResponse
from django.urls import path

def user(request):
    with connection.cursor() as cursor:
        cursor.execute("select current_user")
        return HttpResponse(cursor.fetchone()[0])

urlpatterns = [path("", user), path("healthz", user)]
"""


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """pytest's own folders are closed to the service user, and their paths are long."""
    for name in ("DATABASE_URL", "REMIT_OWNER_URL", "REMIT_SEQUENCER_URL", "REMIT_DATA", "REMIT_DEMO"):
        monkeypatch.delenv(name, raising=False)
    folder = Path(tempfile.mkdtemp(prefix="remit-data-"))
    folder.chmod(0o711)
    yield folder / "it"
    # A keeper that lingers would still write into what is being removed.
    deadline = time.monotonic() + 15
    while commands_naming(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    shutil.rmtree(folder)


@pytest.fixture
def trial_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the processes that a test starts, not of the test itself."""
    (tmp_path / "trial_settings.py").write_text(SETTINGS)
    (tmp_path / "trial_urls.py").write_text(URLS)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "trial_settings")


@pytest.fixture
def await_true() -> Callable[..., None]:
    def wait(holds: Callable[[], bool], within_s: float = 30.0) -> None:
        deadline = time.monotonic() + within_s
        while not holds():
            assert time.monotonic() < deadline, "did not become true in time"
            time.sleep(0.05)

    return wait


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def commands_naming(folder: Path) -> list[int]:
    """Processes, this one aside, that name the folder on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                if os.fsencode(folder) in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found
