"""A throwaway PostgreSQL for tests: one server per run, one migrated template, a clone per test module.

The first process of a run starts the server; those that it starts (the workers of pytest-xdist) find it by REMIT_TEST_CLUSTER and join.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from remit.front.installation.migration import migrate
from remit.front.installation.postgres import OWNER, PROGRAM, SEQUENCER, SUPERUSER, Urls, socket_url, socket_urls, throwaway_server

TEMPLATE = "remit_template"
JOIN = "REMIT_TEST_CLUSTER"


class TestCluster:
    """Databases by name on the server whose socket stands in socket_folder."""

    __test__ = False

    def __init__(self, socket_folder: Path) -> None:
        self.socket_folder = socket_folder

    def owner_url(self, database: str) -> str:
        return socket_url(OWNER, database, self.socket_folder)

    def program_url(self, database: str) -> str:
        return socket_url(PROGRAM, database, self.socket_folder)

    def sequencer_url(self, database: str) -> str:
        return socket_url(SEQUENCER, database, self.socket_folder)

    def superuser_url(self, database: str) -> str:
        return socket_url(SUPERUSER, database, self.socket_folder)

    def urls(self, database: str) -> Urls:
        return socket_urls(self.socket_folder, database)

    def create(self, name: str, template: str = TEMPLATE) -> str:
        """A database of the owner's, copied from the template; `template0` gives an empty one."""
        # FILE_COPY takes half the time of the default for a database of this size, with fsync off.
        self._execute(f'create database "{name}" template "{template}" owner {OWNER} strategy file_copy')
        return name

    def drop(self, name: str) -> None:
        """As superuser, for the owner's drop fails now and then while another's session ends; open connections are cut."""
        self._execute(f'drop database if exists "{name}" with (force)')

    def clone(self) -> str:
        """A migrated database under a fresh name; drop it when the module is done."""
        return self.create(f"test_{os.getpid()}_{secrets.token_hex(4)}")

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.superuser_url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextlib.contextmanager
def test_cluster() -> Iterator[TestCluster]:
    """Joins the server of this run or starts it, with the template migrated."""
    joined = os.environ.get(JOIN)
    if joined:
        yield TestCluster(Path(joined))
        return
    with throwaway_server() as server:
        cluster = TestCluster(server.socket_folder)
        cluster.create(TEMPLATE, "template0")
        migrate(cluster.urls(TEMPLATE))
        os.environ[JOIN] = str(server.socket_folder)
        try:
            yield cluster
        finally:
            del os.environ[JOIN]


test_cluster.__test__ = False  # type: ignore[attr-defined]
