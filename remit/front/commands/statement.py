"""`remit statement`: whether a bank statement agrees with itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

import click

from remit.domain.line import Finding
from remit.formats.statements import RULES, Layout, Statement, StatementFile, check, read
from remit.formats.statements.tabular import TITLES
from remit.formats.table.cells import number
from remit.formats.table.values import LIMITS
from remit.formats.words import Words

FORMS = {"mt940": "MT940", "camt053": "CAMT.053", "ofx": "OFX", "table": "table"}
WORDS = Words("en")


class Amount(click.ParamType):
    """An amount with a point as decimal mark."""

    name = "AMOUNT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        amount = value if isinstance(value, Decimal) else number(str(value), ".")
        if amount is None:
            self.fail(f"{value!r} is not an amount such as 1234.50", param, ctx)
        return amount


@dataclass(frozen=True)
class Checked:
    """A file with the findings of reading it and of each statement in it."""

    name: str
    file: StatementFile | None
    reading: tuple[Finding, ...]
    checks: tuple[tuple[Finding, ...], ...] = ()

    @property
    def status(self) -> Literal[0, 1, 2]:
        """The exit status of this file alone."""
        if self.file is None:
            return 2
        return 1 if any(RULES[finding.code].severity == "error" for finding in self.all) else 0

    @property
    def all(self) -> tuple[Finding, ...]:
        """Every finding, those of reading first."""
        return (*self.reading, *(finding for findings in self.checks for finding in findings))


@click.group(name="statement")
def command() -> None:
    """Check bank statements."""


@command.command(name="check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--account", default="", help="The account that the statement must be of (IBAN or number).")
@click.option("--opening", type=Amount(), help="The opening balance, for a statement that gives none (OFX, most CSV).")
@click.option("--dates", type=click.Choice(["iso", "day_first", "month_first"]), help="How a table writes its dates.")
@click.option("--decimal", type=click.Choice([",", "."]), help="The decimal mark of a table.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=TITLE", help=f"A table's column, such as booked_on=Datum. Fields: {', '.join(TITLES)}.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text: an object, for several files a list of them.")
@click.pass_context
def check_files(
    ctx: click.Context,
    files: Sequence[str],
    account: str,
    opening: Decimal | None,
    dates: str | None,
    decimal: str | None,
    columns: Sequence[str],
    as_json: bool,
) -> None:
    """Read MT940, CAMT.053, OFX, CSV or XLSX, told by content, and check that opening balance and entries make the closing balance.

    What else is checked: statements of an account follow each other without gap, no booking stands twice, one currency, days inside the period, the
    file's own sums. Where a balance is missing, that is said and nothing is concluded.

    \b
    JSON: {file, format, statements: [{account, currency, number, opening, entries,
    in, out, closing, foots, apart, line, findings}], findings}. Amounts are strings
    with a point; entries is their number, in and out their sums; foots and apart
    are null where a balance is missing. A finding is {code, severity, line, field,
    says}; those outside `statements` belong to the file as a whole.

    Exit status: 0 read and holds; 1 read, and a check fails; 2 cannot be read as a statement. Several files: the worst.
    """
    layout = Layout(
        columns=_columns(columns),
        dates=cast(Literal["iso", "day_first", "month_first", ""], dates or ""),
        decimal=cast(Literal[",", ".", ""], decimal or ""),
    )
    results = [_checked(name, layout, account, opening) for name in files]
    if as_json:
        said = [_plain(one) for one in results]
        click.echo(json.dumps(said[0] if len(said) == 1 else said, ensure_ascii=False, indent=2))
    for one in results:
        _say(one, as_json)
    ctx.exit(max(one.status for one in results))


def _columns(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if any(not sign or not name for name, sign, _ in pairs):
        raise click.BadParameter("write it as FIELD=TITLE", param_hint="--column")
    return {name: title for name, _, title in pairs}


def _checked(name: str, layout: Layout, account: str, opening: Decimal | None) -> Checked:
    data = _bytes(name)
    if isinstance(data, str):
        click.echo(f"{_shown(name)}: {data}", err=True)
        return Checked(name, None, ())
    file, reading = read(data, name, layout=layout)
    if file is None:
        return Checked(name, None, reading)
    if opening is not None:
        file = _opened(file, opening)
    return Checked(name, file, reading, check(file, account=account))


def _bytes(name: str) -> bytes | str:
    """The file's bytes, one more than the limit at most; or why there are none."""
    try:
        with Path(name).open("rb") as stream:
            return stream.read(LIMITS.file_bytes + 1)
    except FileNotFoundError:
        return "there is no such file"
    except IsADirectoryError:
        return "this is a folder"
    except (OSError, ValueError) as problem:
        return f"it cannot be opened: {getattr(problem, 'strerror', None) or problem}"


def _opened(file: StatementFile, opening: Decimal) -> StatementFile:
    """With the opening balance given, which is for one statement only."""
    without = [at for at, statement in enumerate(file.statements) if statement.opening is None]
    if len(without) > 1:
        raise click.BadParameter("the file holds several statements without opening balance; give one file for each", param_hint="--opening")
    statements = tuple(replace(one, opening=opening) if at in without else one for at, one in enumerate(file.statements))
    return replace(file, statements=statements)


def _say(one: Checked, as_json: bool) -> None:
    """Text of what was read to stdout; why it could not be read to stderr, with JSON too."""
    name = _shown(one.name)
    if one.file is None:
        for finding in one.reading:
            line, field = finding.place.line, finding.place.field
            where = f"{name}:{line}" if line else name
            click.echo(": ".join(filter(None, (where, field, _sentence(finding)))), err=True)
        return
    if as_json:
        return
    click.echo(f"{name}: {FORMS[one.file.form]}, {len(one.file.statements)} statement{'s' * (len(one.file.statements) != 1)}")
    for statement, findings in zip(one.file.statements, one.checks, strict=True):
        _say_statement(statement, findings)
    for finding in one.reading:
        click.echo(f"  {_marked(finding)}")


def _say_statement(statement: Statement, findings: Sequence[Finding]) -> None:
    title = " ".join(filter(None, ("account", statement.account or "unknown", statement.currency, f"no. {statement.number}" if statement.number else "")))
    click.echo(f"  {title} (line {statement.line})")
    opening, closing = (_amount(balance) if balance is not None else "unknown" for balance in (statement.opening, statement.closing))
    verdict = {True: "holds", False: f"does not hold: {_amount(statement.apart)} apart", None: "cannot be footed"}[statement.foots]
    click.echo(f"    opening {opening} + {len(statement.entries)} entries {_amount(statement.total)} = closing {closing}: {verdict}")
    for finding in findings:
        click.echo(f"    {_marked(finding)}")


def _marked(finding: Finding) -> str:
    place = ", ".join(filter(None, (f"line {finding.place.line}" if finding.place.line else "", finding.place.field)))
    return f"{RULES[finding.code].severity}: {place}{': ' if place else ''}{_sentence(finding)} [{finding.code}]"


def _sentence(finding: Finding) -> str:
    return _shown(WORDS.finding(finding, RULES[finding.code]))


def _shown(text: str) -> str:
    """One line that no terminal takes for a command: what a file or its name says is not trusted."""
    return "".join(letter if letter.isprintable() else "�" for letter in text.replace("\n", " "))


def _amount(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _plain(one: Checked) -> dict[str, Any]:
    statements = () if one.file is None else zip(one.file.statements, one.checks, strict=True)
    return {
        "file": one.name,
        "format": one.file.form if one.file else None,
        "statements": [_plain_statement(statement, findings) for statement, findings in statements],
        "findings": [_plain_finding(finding) for finding in one.reading],
    }


def _plain_statement(statement: Statement, findings: Sequence[Finding]) -> dict[str, Any]:
    def amount(value: Decimal | None) -> str | None:
        return None if value is None else _amount(value)

    return {
        "account": statement.account,
        "currency": statement.currency,
        "number": statement.number,
        "opening": amount(statement.opening),
        "entries": len(statement.entries),
        "in": amount(statement.total_in),
        "out": amount(statement.total_out),
        "closing": amount(statement.closing),
        "foots": statement.foots,
        "apart": amount(statement.apart),
        "line": statement.line,
        "findings": [_plain_finding(finding) for finding in findings],
    }


def _plain_finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": RULES[finding.code].severity,
        "line": finding.place.line,
        "field": finding.place.field,
        "says": _sentence(finding),
    }
