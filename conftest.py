"""What every test may use: the folder of real files, and a real PostgreSQL with a clone of the migrated database per module."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from remit.front.installation.testing import TestCluster
    from tests.world import World

SHARED = Path(__file__).resolve().parent.parent / "shared"

os.environ["REMIT_POOL_SIZE"] = "0"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real statements, notices, invoices and rates; they are not part of the project."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the folder shared/data with the real files is not beside the project")
    return SHARED / "data"


@pytest.fixture(scope="session")
def cluster() -> Iterator[TestCluster]:
    """The PostgreSQL of this run."""
    from remit.front.installation.testing import test_cluster

    with test_cluster() as server:
        yield server


@pytest.fixture(scope="module")
def database(cluster: TestCluster, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A clone of the migrated database that Django's default connection uses as the program, with a data folder of its own. Commits are real."""
    from django.conf import settings
    from django.db import connections

    from remit.front.settings import database as parsed

    name = cluster.clone()
    data = tmp_path_factory.mktemp("data")
    (data / "keys").mkdir()
    key = data / "keys" / "master.key"
    key.write_text(secrets.token_hex(32))
    settings.REMIT_DATA, settings.MASTER_KEY_FILE = data, key
    for alias, url in (("default", cluster.program_url(name)), ("owner", cluster.owner_url(name))):
        connections[alias].close()
        connections[alias].settings_dict.update(parsed(url))
    with django_db_blocker.unblock():
        yield name
    for alias in ("default", "owner"):
        connections[alias].close()
    cluster.drop(name)


@pytest.fixture(scope="module")
def world(database: str) -> World:
    """The small market of tests/world.py, founded on the module's own database."""
    from tests import world as worlds

    return worlds.build()
