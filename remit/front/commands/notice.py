"""`remit notice`: procurement notices, read into the fields of a brief."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from remit.domain.line import Finding
from remit.formats.notices.as_json import as_json, finding_as_json
from remit.formats.notices.as_text import as_text
from remit.formats.notices.reading import read
from remit.formats.notices.rules import RULES
from remit.formats.words import Words


@click.group(name="notice")
def command() -> None:
    """Read procurement notices."""


@command.command(name="read")
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_objects", is_flag=True, help="One JSON object a notice, each on a line of its own.")
def read_files(files: tuple[str, ...], as_objects: bool) -> None:
    """Read procurement notices (OCDS, eForms, TED XML; - for standard input): what each field says and from where, what is missing, what is doubtful.

    Exit status: 0 read, however much is missing; 2 not readable as a notice. Of several files, the worst.
    """
    words = Words("en")
    worst = 0
    for file in files:
        try:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except IsADirectoryError:
            click.echo(f"{file}: this is a folder; name the files in it", err=True)
            worst = 2
            continue
        except (OSError, ValueError) as problem:
            click.echo(f"{file}: {getattr(problem, 'strerror', None) or problem}", err=True)
            worst = 2
            continue
        worst = max(worst, _say(file, data, as_objects, words))
    sys.exit(worst)


def _say(file: str, data: bytes, as_objects: bool, words: Words) -> int:
    shown = click.format_filename(file)
    found, findings = read(data, shown)
    if found is None:
        for finding in findings:
            click.echo(_error(shown, finding, words), err=True)
        if as_objects:
            click.echo(json.dumps({"file": shown, "form": None, "errors": [finding_as_json(finding, words) for finding in findings]}, ensure_ascii=False))
        return 2
    for notice in found.notices:
        click.echo(json.dumps(as_json(notice, shown, findings, words), ensure_ascii=False) if as_objects else as_text(notice, shown, words))
    if not as_objects:
        for finding in findings:
            click.echo(f"{_error(shown, finding, words)} ({finding.code})")
    return 0


def _error(file: str, finding: Finding, words: Words) -> str:
    line, field = finding.place.line, finding.place.field
    return f"{file}:{line or 1}: {field or 'file'}: {words.finding(finding, RULES[finding.code])}"
