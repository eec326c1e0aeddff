"""A new origin for an installation whose database lacks checkpoints that were signed: it goes on under another name, so that nothing is signed twice."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from remit.domain.reasons import N_, Sentence
from remit.front.installation import backup
from remit.front.installation.keeper import cluster
from remit.front.installation.layout import Installation, new_origin, write_durably
from remit.front.installation.migration import migrate_if_needed
from remit.front.installation.postgres import Urls
from remit.front.installation.serving import program_environment, serving_process

RENAMED = Sentence(
    "installation.renamed",
    N_("After a restore from a backup the record lacked what was signed as {old}: nothing more is signed under that name; it goes on as {new}."),
)


class NotRenewed(Exception):
    """The installation keeps its origin; the message says why."""


@dataclass(frozen=True)
class Renewed:
    """`lacks`: what the database did not contain. `logs`: in how many logs it stands now."""

    old: str
    new: str
    lacks: str
    logs: int


def renew(installation: Installation) -> Renewed:
    """Raises NotRenewed where nothing was begun, it is served, or it contains what it signed: then there is no reason for another name.

    Must come before anything imports the settings. Every log gets an entry that says so, and with it a head under the new name.
    """
    if not (installation.data / "origin").exists():
        raise NotRenewed(f"there is no installation in {installation.data}")
    installation.prepare()
    if serving_process(installation.data) is not None:
        raise NotRenewed("Remit runs there: stop it first, with `remit stop`")
    last, old = installation.checkpoints / "last", installation.origin
    with cluster(installation.data) as urls:
        lacks = backup.compare(urls, last, old) if last.exists() else None
        if lacks is None:
            raise NotRenewed(f"the record contains its last checkpoint: {old} goes on as it is")
        migrate_if_needed(installation, urls)
        new = new_origin()
        logs = _record(installation, urls, old, new)
        # Cut off before the last step, the checkpoint still is one of the old name: nothing is signed, and this command is to be given again.
        said = {"origin": old, "until": datetime.now(UTC).isoformat(timespec="seconds"), "last": last.read_text(), "lacks": lacks}
        _append(installation.data / "origins", json.dumps(said).encode() + b"\n")
        write_durably(installation.data / "origin", f"{new}\n".encode())
        last.unlink()
    return Renewed(old, new, lacks, logs)


def _record(installation: Installation, urls: Urls, old: str, new: str) -> int:
    """One entry in every log. By the owner, who alone may write into the logs of every organization, personal ones, too."""
    os.environ.update(program_environment(installation, urls) | {"DATABASE_URL": urls.owner, "REMIT_POOL_SIZE": "0"})
    import django

    django.setup()
    from django.db import connections

    from remit.apps.organizations.acting import decide
    from remit.apps.organizations.models import Organization
    from remit.apps.records import clock
    from remit.apps.records.context import By, writing

    with connections["default"].cursor() as cursor:
        cursor.execute(
            "select a.id, a.opened_by_id from records_audience a where exists (select 1 from records_entry e where e.audience_id = a.id) order by a.id"
        )
        logs = cursor.fetchall()
    at = clock.now()
    for audience, organization in logs:
        by = By(organization=organization, door="command", name="Remit")
        with writing(by, at):
            decide(by, at, "installation.renamed", Organization.objects.get(pk=organization), audiences=[audience], reasons=(RENAMED(old=old, new=new),))
    connections.close_all()
    return len(logs)


def _append(file: Path, line: bytes) -> None:
    write_durably(file, (file.read_bytes() if file.exists() else b"") + line)
