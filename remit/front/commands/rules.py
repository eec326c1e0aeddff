"""`remit rules`: the law of a place as dated data: what is on file, what one rule asks, and whether a file can be read."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from remit.domain.reasons import N_
from remit.domain.rules import Equal, Rule, RuleSet, RuleSets
from remit.formats.rules import Broken, FileFault, installed, read
from remit.formats.words import Words
from remit.front.commands.hours import Day

LANGUAGES = ("en", "de", "fr", "bg")
STAYS = {"client": N_("stays with the client"), "licensed": N_("licensed"), "anyone": N_("open to anyone")}
FOLDER = click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Further rule files: the folder rules/ of an installation's data.")


@click.group(name="rules")
def command() -> None:
    """The law of a place as dated data: rule files, one a jurisdiction."""


@command.command(name="list")
@click.option("--jurisdiction", default="", help="Of this jurisdiction and all that it is part of, such as US-NY.")
@click.option("--act", default="", help="For this act alone, such as sign_audit_opinion.")
@click.option("--on", "on", type=Day(), help="In force on this day alone.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One JSON object a rule.")
def show_list(jurisdiction: str, act: str, on: date | None, folder: Path | None, as_json: bool) -> None:
    """Every rule with its act, dates, source, and whether somebody read the primary text.

    Exit status: 0 said; 2 a rule file of the folder cannot be read, or nothing is on file for the jurisdiction.
    """
    sets = _installed(folder)
    chosen = sets.of(jurisdiction) if jurisdiction else sets.sets
    if jurisdiction and not chosen:
        _fail(f"no rule file for {jurisdiction}; there are {', '.join(each.jurisdiction for each in sets.sets)}")
    count = unread = 0
    for each, entry in _entries(chosen):
        if (act and entry.act != act) or (on is not None and not entry.in_force(on)):
            continue
        count, unread = count + 1, unread + (not entry.verified)
        click.echo(json.dumps(_plain(each, entry), ensure_ascii=False) if as_json else _line(each, entry))
    if not as_json:
        click.echo(f"{count} rules, {unread} of them not read in the primary text by anybody yet.")


@command.command()
@click.argument("rule_id", metavar="ID")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the rule's words.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One JSON object a version of the rule.")
def show(rule_id: str, language: str, folder: Path | None, as_json: bool) -> None:
    """What one rule asks, in words, with source, dates and hashes; each of its versions.

    Exit status: 0 said; 2 there is no such rule.
    """
    found = [(each, entry) for each, entry in _entries(_installed(folder).sets) if entry.id == rule_id]
    if not found:
        _fail(f"no rule {rule_id}; `remit rules list` names them")
    for each, entry in found:
        click.echo(json.dumps(_plain(each, entry), ensure_ascii=False) if as_json else _text(each, entry, language))


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file.")
def check(files: tuple[str, ...], as_json: bool) -> None:
    """Whether rule files can be read: every fault with its line and field.

    Exit status: 0 all can; 2 one cannot.
    """
    worst = 0
    for file in files:
        name = click.format_filename(file)
        try:
            content = Path(file).read_bytes()
        except (OSError, ValueError) as problem:
            click.echo(f"{name}: {getattr(problem, 'strerror', None) or problem}", err=True)
            worst = 2
            continue
        found, faults = read(content, Path(file).name)
        if found is None:
            worst = 2
            for line in faults_as_text(name, faults):
                click.echo(line, err=True)
        if as_json:
            said = [{"line": fault.line or 1, "field": fault.field, "code": fault.reason.code, "says": Words("en").reason(fault.reason)} for fault in faults]
            facts = {"jurisdiction": found.jurisdiction, "rules": len(found.rules), "sha256": found.sha256} if found else {}
            click.echo(json.dumps({"file": name, "can_be_read": found is not None, **facts, "faults": said}, ensure_ascii=False))
        elif found is not None:
            entries = [entry for _set, entry in _entries((found,))]
            unread = sum(not entry.verified for entry in entries)
            click.echo(f"{name}: {found.jurisdiction}, {len(entries)} rules ({unread} not verified), sha256 {found.sha256}")
    sys.exit(worst)


def faults_as_text(file: str, faults: Iterable[FileFault]) -> Iterator[str]:
    """`FILE:LINE: field: what is wrong`, one a fault."""
    words = Words("en")
    for fault in faults:
        yield f"{file}:{fault.line or 1}: {fault.field or 'file'}: {words.reason(fault.reason)} ({fault.reason.code})"


def _installed(folder: Path | None) -> RuleSets:
    chosen = folder or (Path(os.environ["REMIT_DATA"]) / "rules" if os.environ.get("REMIT_DATA") else None)
    try:
        return installed(chosen)
    except Broken as broken:
        for line in faults_as_text(broken.file, broken.faults):
            click.echo(line, err=True)
        sys.exit(2)


def _entries(sets: Iterable[RuleSet]) -> Iterator[tuple[RuleSet, Rule | Equal]]:
    for each in sets:
        yield from ((each, rule) for rule in each.rules)
        yield from ((each, equal) for equal in each.equals)


def _dates(entry: Rule | Equal) -> str:
    return f"from {entry.valid_from}" + (f" until before {entry.valid_until}" if entry.valid_until else "")


def _line(each: RuleSet, entry: Rule | Equal) -> str:
    kind = STAYS[entry.asks.stays_with] if isinstance(entry, Rule) else f"{entry.title} ({', '.join(entry.held_in)}) counts as {entry.counts_as}"
    proof = "verified" if entry.verified else "not verified"
    return "  ".join((each.jurisdiction, entry.id, entry.act, _dates(entry), kind, proof, entry.source or "no source"))


def _text(each: RuleSet, entry: Rule | Equal, language: str) -> str:
    lines = [f"{entry.id} ({each.jurisdiction}), for {entry.act}", entry.words.get(language) or entry.words["en"]]
    if isinstance(entry, Rule):
        lines.append(f"Who: {STAYS[entry.asks.stays_with]}{', or under a responsible person' if entry.asks.held_by == 'responsible' else ''}")
        for way in entry.asks.any_of:
            years = f", {way.years} years in {way.field}" if way.years else ""
            lines.append(f"  - {' / '.join(way.credentials)} ({', '.join(way.jurisdictions) or 'anywhere'}){years}")
        for name, kinds in (("Needs on file, all of", entry.asks.consents), ("Needs on file, one of", entry.asks.mechanisms)):
            if kinds:
                lines.append(f"{name}: {', '.join(kinds)}")
        if entry.data:
            lines.append(f"Only where the work holds: {', '.join(entry.data)}")
        if entry.outside:
            lines.append(f"Only where someone or something works outside: {', '.join(entry.outside)}")
        lines.append("Always binds." if entry.always_binds else "An engagement may observe it instead of enforcing it.")
    else:
        lines.append(f"{entry.title} ({', '.join(entry.held_in)}) counts as {entry.counts_as}")
    verified = f"verified: {entry.seen}" if entry.verified else "not verified: nobody read the primary text yet"
    lines += [f"In force {_dates(entry)}", f"Source: {entry.source or 'none'}", verified, f"Rule {entry.sha256}, file {each.sha256}"]
    return "\n".join(lines)


def _plain(each: RuleSet, entry: Rule | Equal) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "jurisdiction": each.jurisdiction,
        "id": entry.id,
        "kind": "rule" if isinstance(entry, Rule) else "equal",
        "act": entry.act,
        "valid_from": entry.valid_from.isoformat(),
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "verified": entry.verified,
        "source": entry.source,
        "seen": entry.seen,
        "words": dict(entry.words),
        "sha256": entry.sha256,
        "set_sha256": each.sha256,
    }
    if isinstance(entry, Equal):
        return plain | {"title": entry.title, "held_in": list(entry.held_in), "counts_as": entry.counts_as}
    ways = [
        {"credentials": list(way.credentials), "jurisdictions": list(way.jurisdictions), "field": way.field, "years": way.years} for way in entry.asks.any_of
    ]
    return plain | {
        "stays_with": entry.asks.stays_with,
        "any_of": ways,
        "held_by": entry.asks.held_by,
        "consents": list(entry.asks.consents),
        "mechanisms": list(entry.asks.mechanisms),
        "data": list(entry.data),
        "outside": list(entry.outside),
        "always_binds": entry.always_binds,
    }


def _fail(says: str) -> None:
    click.echo(says, err=True)
    sys.exit(2)
