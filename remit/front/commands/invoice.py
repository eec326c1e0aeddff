"""`remit invoice`: e-invoices, checked by the official rules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from remit.formats.invoices.check import Checked, check
from remit.formats.invoices.papers import Unreadable
from remit.formats.words import Words


@click.group(name="invoice")
def command() -> None:
    """Check e-invoices."""


@command.command(name="check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, each on a line of its own.")
def check_files(files: tuple[Path, ...], as_json: bool) -> None:
    """Check e-invoices (UBL, CII, or a PDF that carries one) against EN 16931.

    Exit status: 0 valid; 1 a fatal rule is broken; 2 not readable as an e-invoice. Of several files, the worst.
    """
    worst = 0
    for file in files:
        try:
            answer = check(file.read_bytes())
        except OSError as problem:
            click.echo(f"{file}: {problem.strerror or problem}", err=True)
            if as_json:
                click.echo(json.dumps({"file": str(file), "form": None, "valid": False, "findings": [], "error": problem.strerror or str(problem)}))
            worst = 2
            continue
        if isinstance(answer, Unreadable):
            worst = 2
            _say_unreadable(file, answer, as_json)
        else:
            worst = max(worst, 0 if answer.valid else 1)
            click.echo(json.dumps(_as_json(file, answer), ensure_ascii=False) if as_json else _as_text(file, answer))
    sys.exit(worst)


def _say_unreadable(file: Path, answer: Unreadable, as_json: bool) -> None:
    words = Words("en")
    says, cure = words.reason(answer.reason), words.reason(answer.reason.cure) if answer.reason.cure else ""
    place = ":".join((str(file), *([str(answer.line)] if answer.line else [])))
    click.echo(f"{place}: {f'{answer.field}: ' if answer.field else ''}{says} {cure}".rstrip(), err=True)
    if as_json:
        error = {"code": answer.reason.code, "says": says, "cure": cure, "line": answer.line or None, "field": answer.field}
        click.echo(json.dumps({"file": str(file), "form": None, "valid": False, "findings": [], "error": error}, ensure_ascii=False))


def _as_json(file: Path, answer: Checked) -> dict[str, Any]:
    findings = [{"rule": broken.rule, "flag": broken.flag, "text": broken.says, "place": broken.place, "line": broken.line or None} for broken in answer.broken]
    return {
        "file": str(file),
        "form": answer.form,
        "attached": answer.attached or None,
        "valid": answer.valid,
        "rules_version": answer.rules_version,
        "findings": findings,
    }


def _as_text(file: Path, answer: Checked) -> str:
    fatal = sum(broken.flag == "fatal" for broken in answer.broken)
    verdict = f"breaks {fatal} fatal rules" if fatal > 1 else "breaks 1 fatal rule" if fatal else "valid"
    lines = [f"{file}: {answer.form}{f' in {answer.attached}' if answer.attached else ''}, EN 16931 rules {answer.rules_version}: {verdict}"]
    for broken in answer.broken:
        lines.append(
            f"{file}{f':{broken.line}' if broken.line else ''}: {broken.rule}: {broken.flag}: {broken.says}{f' ({broken.place})' if broken.place else ''}"
        )
    return "\n".join(lines)
