"""`remit pack`: evidence packs on the command line."""

from __future__ import annotations

import click


@click.group()
def command() -> None:
    """Evidence packs: the record of a period or an engagement as one file."""


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--key", "keys", multiple=True, metavar="KEY", help="The installation's key (name+id+key) that you got elsewhere than from the pack.")
@click.option("--checkpoint", "checkpoints", multiple=True, metavar="FILE", help="A checkpoint that you kept from before.")
@click.option("--witness", "witnesses", multiple=True, metavar="KEY", help="The key of a witness who must have cosigned.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a pack.")
def verify(files: tuple[str, ...], keys: tuple[str, ...], checkpoints: tuple[str, ...], witnesses: tuple[str, ...], as_json: bool) -> None:
    """Verify packs, alone and offline; the same as remit-verify.

    Exit status: 0 the proof holds; 1 it fails, and the output names the entry; 2 not a pack.
    """
    from remit.formats.packs.verify import main

    given = {"--key": keys, "--checkpoint": checkpoints, "--witness": witnesses}
    options = [f"{name}={value}" for name, values in given.items() for value in values]
    main([*options, *(["--json"] if as_json else []), "--", *files])
