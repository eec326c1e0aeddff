"""`remit screenshots`: pictures of pages, with an accessibility check of each."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click


@click.command("screenshots")
@click.argument("paths", nargs=-1, required=True)
@click.option("--base", default="http://localhost:8000", show_default=True, help="Where Remit is served.")
@click.option("--as", "email", default="", help="Sign in as this user of the demonstration.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("screenshots"), show_default=True, help="Folder for the pictures.")
@click.option("--language", "languages", multiple=True, default=("en",), show_default=True, help="May be given several times.")
@click.option("--width", "widths", multiple=True, type=int, default=(1280, 390), show_default=True, help="In pixels; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="One object per picture.")
def command(paths: tuple[str, ...], base: str, email: str, out: Path, languages: tuple[str, ...], widths: tuple[int, ...], as_json: bool) -> None:
    """Take pictures of PATHS (such as / or /o/OR-7K3F-9QXM/), light and dark. For developers; it needs the packages of the tests and a Chromium.

    Exit status 1: axe, the console or the width of a page complains.
    """
    from remit.front.screenshots import NoBrowser, take

    worst = 0
    try:
        for shot in take(base, paths, out, email=email, languages=languages, widths=widths):
            worst = max(worst, 0 if shot.holds else 1)
            if as_json:
                found = {"path": shot.path, "file": str(shot.file), "status": shot.status, "wider_px": shot.wider_px}
                click.echo(json.dumps({**found, "violations": shot.violations, "complaints": shot.complaints}))
                continue
            wrong = [f"answer {shot.status}"] if shot.status >= 400 else []
            wrong += [f"{shot.wider_px} px too wide"] if shot.wider_px else []
            click.echo(f"{shot.file}: {'; '.join([*wrong, *shot.violations, *shot.complaints]) or 'nothing found'}")
    except NoBrowser as missing:
        click.echo(str(missing), err=True)
        worst = 2
    sys.exit(worst)
