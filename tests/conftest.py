"""What tests across folders use: fixtures of single folders, and the sequencer at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import psycopg
import pytest

from remit.front.installation.conftest import data

if TYPE_CHECKING:
    from remit.front.installation.testing import TestCluster

__all__ = ["data"]


@pytest.fixture(scope="module")
def sequence(cluster: TestCluster, database: str) -> Callable[[], None]:
    """Call it to have every entry of the module's database under a signed head."""
    from remit.apps.records import sequencer
    from remit.formats.packs.keys import load_signer, new_key

    signer = load_signer(new_key())

    def place() -> None:
        with psycopg.connect(cluster.sequencer_url(database)) as link:
            sequencer.publish_key(link, signer, "test.example")
            while sequencer.sequence(link, signer, "test.example"):
                pass

    return place
