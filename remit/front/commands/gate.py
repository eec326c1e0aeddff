"""`remit gate`: who may do what, and every reason why not."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import click

from remit.domain.calendars import zone
from remit.domain.gate import PersonFacts, Verdict
from remit.domain.gate.matrix import judged
from remit.domain.reasons import Reason
from remit.formats import qualifications, rules
from remit.formats.words import Words
from remit.front.commands.acting import acting_options, actor, fail, inside
from remit.front.commands.rules import FOLDER, LANGUAGES, faults_as_text

Found = tuple[qualifications.Asked, PersonFacts, Verdict]


class Instant(click.ParamType[date | datetime]):
    """A date (noon on the client's clock), or an instant with its offset."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        try:
            if len(str(value)) == 10:
                return date.fromisoformat(str(value))
            at = datetime.fromisoformat(str(value))
        except ValueError:
            at = None
        if at is None or at.utcoffset() is None:
            self.fail(f"{value!r} is not a date such as 2026-11-02, nor an instant such as 2026-11-02T09:00+01:00", param, ctx)
        return at


@click.group()
def command() -> None:
    """Who may do what, and every reason why not."""


@command.command()
@click.argument("person", metavar="PERSON")
@click.argument("act", metavar="ACT")
@click.argument("engagement", metavar="ENGAGEMENT")
@click.option("--at", "at", type=Instant(), help="A day (noon in UTC) or an instant; now, where none is given.")
@acting_options
def check(
    person: str, act: str, engagement: str, at: date | datetime | None, email: str, organization: str, data: Path | None, demo: bool, as_json: bool
) -> None:
    """May PERSON (PE-7K3F-9QXM) do ACT for ENGAGEMENT (EN-7K3F-9QXM)? All reasons at once; nothing is recorded.

    ACT is a step (prepare, review, sign, read, bill) or a reserved act by its code, such as sign_audit_opinion.

    Exit status: 0 they may; 1 they may not; 2 person, act or engagement is not to be found.
    """
    with inside(data, demo) as installation:
        from remit.apps.organizations.acting import NotFound
        from remit.apps.organizations.may import May
        from remit.apps.records import clock
        from remit.apps.records.context import reading
        from remit.front.api.systems import verdict

        by, now = actor(installation, email, organization), clock.now()
        instant = now if at is None else at if isinstance(at, datetime) else datetime.combine(at, time(12), UTC)
        try:
            with reading(by, now):
                found = verdict(May(by, now), engagement, person, act, instant, Words("en"))
        except NotFound:
            fail(f"{person}, {act}, {engagement}: one of them is nothing here by that name that you may see")
    if as_json:
        click.echo(json.dumps(found.dict(), default=str, ensure_ascii=False))
    else:
        click.echo(f"{person}, {act} for {engagement}: {'may' if found.allowed else 'may not'}")
        for reason in found.reasons:
            click.echo(f"  {reason.code}: {reason.says}" + (f" [{reason.rule}: {reason.source}]" if reason.rule else "") + f" {reason.cure}".rstrip())
        for reason in found.observed:
            click.echo(f"  to know: {reason.code}: {reason.says}")
        for rule in found.rules:
            click.echo(f"  looked at: {rule.id} ({rule.jurisdiction}), {'verified' if rule.verified else 'not verified'}: {rule.source}")
    sys.exit(0 if found.allowed else 1)


@command.command()
@click.argument("people", type=click.Path(path_type=Path), metavar="PEOPLE")
@click.argument("needs", type=click.Path(path_type=Path), metavar="NEEDS")
@click.option("--at", "at", type=Instant(), required=True, help="The day, on each client's clock, or an instant.")
@click.option("--words", "in_words", is_flag=True, help="Each reason in words, with its rule and what would cure it.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the words.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="One JSON object a pair.")
def matrix(people: Path, needs: Path, at: date | datetime, in_words: bool, language: str, folder: Path | None, as_json: bool) -> None:
    """Of each need and each person of two sheets (CSV or XLSX, docs/gate.md): may they, and the codes of all that refuses. Files only, no database.

    Exit status: 0 every need has somebody; 1 a need has nobody; 2 a file cannot be read: FILE:LINE: column: why.
    """
    try:
        law = rules.installed(folder)
    except rules.Broken as broken:
        for line in faults_as_text(broken.file, broken.faults):
            click.echo(line, err=True)
        sys.exit(2)
    found, faults = qualifications.read_people(_content(people))
    asked, more = qualifications.read_needs(_content(needs), found)
    for path, at_fault in ((people, faults), (needs, more)):
        # A name that nobody can be matched with is only worth saying where the people could be read.
        for fault in at_fault if path == people or not faults else ():
            says = Words("en").reason(fault.reason)
            click.echo(f"{click.format_filename(path)}:{fault.line}: {fault.column or 'file'}: {says} ({fault.reason.code})", err=True)
    if faults or more:
        sys.exit(2)
    words = Words(language)
    uncovered = []
    for need, verdicts in judged(found, [(each.act, each.need, _instant(at, each.need.zone)) for each in asked], law):
        each = asked[need]
        rows = [(each, person, verdict) for person, verdict in zip(found, verdicts, strict=True)]
        if not any(verdict.allowed for verdict in verdicts):
            uncovered.append((each.name, Counter(code for verdict in verdicts for code in verdict.codes)))
        for line in _as_json(rows, words) if as_json else _as_text(rows, words, in_words):
            click.echo(line)
    if not as_json:
        click.echo(f"{len(asked)} needs, {len(found)} people, {len(asked) * len(found)} checks; {len(uncovered)} needs have nobody.")
        for name, codes in uncovered:
            click.echo(f"  {name}: nobody may; {', '.join(f'{code} {count} times' for code, count in codes.most_common(5))}")
    sys.exit(1 if uncovered else 0)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        click.echo(f"{click.format_filename(path)}: {problem.strerror or problem}", err=True)
        sys.exit(2)


def _instant(at: date | datetime, zone_name: str) -> datetime:
    return at if isinstance(at, datetime) else datetime.combine(at, time(12), zone(zone_name))


def _as_text(rows: Sequence[Found], words: Words, in_words: bool) -> Iterator[str]:
    for each, person, verdict in rows:
        says = "may" if verdict.allowed else f"may not: {', '.join(verdict.codes)}"
        yield f"{each.name} | {person.key} | {says}"
        if in_words:
            yield from (f"    {_said(reason, words)}" for reason in verdict.reasons)


def _said(reason: Reason, words: Words) -> str:
    source = f" [{reason.rule_id}: {reason.rule_source}]" if reason.rule_id else ""
    return f"{words.reason(reason)}{source}" + (f" {words.reason(reason.cure)}" if reason.cure else "")


def _as_json(rows: Sequence[Found], words: Words) -> Iterator[str]:
    for each, person, verdict in rows:
        reasons = [
            {
                "code": reason.code,
                "says": words.reason(reason),
                "rule": reason.rule_id,
                "source": reason.rule_source,
                "cure": words.reason(reason.cure) if reason.cure else "",
            }
            for reason in verdict.reasons
        ]
        observed = [reason.code for reason in verdict.observed]
        said = {"need": each.name, "person": person.key, "allowed": verdict.allowed, "codes": list(verdict.codes), "reasons": reasons, "observed": observed}
        yield json.dumps(said, ensure_ascii=False)
