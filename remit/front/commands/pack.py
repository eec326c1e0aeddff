"""`remit pack`: evidence packs on the command line."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from remit.front.commands.acting import acting_options, actor, fail, fail_input, inside, say_refused

if TYPE_CHECKING:
    from remit.apps.records.context import By


@click.group()
def command() -> None:
    """Evidence packs: the record of a period or an engagement as one file."""


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--key", "keys", multiple=True, metavar="KEY", help="The installation's key (name+id+key) that you got elsewhere than from the pack.")
@click.option("--checkpoint", "checkpoints", multiple=True, metavar="FILE", help="A checkpoint that you kept from before, or the pack that it came in.")
@click.option("--witness", "witnesses", multiple=True, metavar="KEY", help="The key of a witness who must have cosigned.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a pack.")
def verify(files: tuple[str, ...], keys: tuple[str, ...], checkpoints: tuple[str, ...], witnesses: tuple[str, ...], as_json: bool) -> None:
    """Verify packs, alone and offline; the same as remit-verify.

    With --checkpoint also that nothing was cut off or rewritten since: the checkpoint of a log, computed again from the log's first entries; an earlier
    pack, for the checkpoints of its logs; or the roll-up's checkpoint, where the pack carries the proof from it.

    Exit status: 0 the proof holds; 1 it fails, and the output names the entry; 2 not a pack.
    """
    from remit.formats.packs.verify import main

    given = {"--key": keys, "--checkpoint": checkpoints, "--witness": witnesses}
    options = [f"{name}={value}" for name, values in given.items() for value in values]
    main([*options, *(["--json"] if as_json else []), "--", *files])


@command.command()
@click.argument("reference", metavar="PERIOD|ENGAGEMENT")
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it; by default its own name, here.")
@acting_options
def export(reference: str, out: Path | None, email: str, organization: str, data: Path | None, demo: bool, as_json: bool) -> None:
    """Write the pack of a sealed month (PR-7K3F-9QXM), or everything of an engagement (EG-7K3F-9QXM). The look is in the record.

    Exit status: 0 written; 1 refused, or not sealed yet; 2 not to be found, or nowhere to write.
    """
    with inside(data, demo) as installation:
        from remit.apps.records import clock

        by, at = actor(installation, email, organization), clock.now()
        name, content = exported(reference, by, at)
    target = out or Path(name)
    try:
        target.write_bytes(content)
    except OSError as error:
        fail(f"{target}: {error.strerror}")
    if as_json:
        click.echo(json.dumps({"reference": reference, "file": str(target), "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}))
    else:
        click.echo(f"{target}: {len(content)} bytes. Check it with: remit-verify {target}")


def exported(reference: str, by: By, at: datetime) -> tuple[str, bytes]:
    """(name, bytes) of a pack; ends with status 1 where it is refused or not sealed yet, 2 where there is nothing by that name."""
    from remit.apps.agreements.models import Engagement
    from remit.apps.organizations.acting import BadInput, Refused
    from remit.apps.records import files
    from remit.apps.records.context import reading
    from remit.apps.work import actions, sealing
    from remit.apps.work.models import GivenPack, Period

    with reading(by, at):
        period = Period.objects.filter(reference=reference).first()
        engagement = Engagement.objects.filter(reference=reference).first()
        given = GivenPack.objects.filter(sealing__closing__period=period, sealing__closing__reopening=None).order_by("-given_at").first() if period else None
    if period is None and engagement is None:
        fail(f"{reference}: there is nothing here by that name that you may see")
    if period is not None and given is None:
        click.echo(f"{reference}: it is not sealed, so it has no pack yet")
        sys.exit(1)
    try:
        result = actions.open_file(by=by, at=at, file=given.id) if given else actions.export_pack(by=by, at=at, engagement=engagement.id)  # type: ignore[union-attr]
    except BadInput as bad:
        fail_input(reference, bad)
    if isinstance(result, Refused):
        say_refused(result)
        sys.exit(1)
    with reading(by, at):
        if given is not None:
            return given.name, files.read(GivenPack.objects.select_related("pack").get(id=given.id).pack)
        packed = sealing.whole(engagement, at) if engagement else None
    if packed is None:
        click.echo(f"{reference}: nothing of it is signed yet; try again in a moment")
        sys.exit(1)
    return packed.name, packed.content
