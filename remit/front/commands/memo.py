"""`remit memo`: whether the citations of a memo can be, and its quotations are as their sources have them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import click

from remit.domain.line import Finding, Rule
from remit.domain.quotations import Source
from remit.formats import hostile
from remit.formats.citations import RULES as CITATIONS
from remit.formats.citations import Judged
from remit.formats.memos import RULES as FILES
from remit.formats.memos import read, sources
from remit.formats.memos.check import Checked, Quoted, check
from remit.formats.memos.read import MOST_BYTES
from remit.formats.memos.values import Memo
from remit.formats.words import Words

RULES: dict[str, Rule] = {**FILES, **CITATIONS, **hostile.RULES}
WORDS = Words("en")
FORMS = {"md": "Markdown", "docx": "DOCX"}
MOST_SOURCES, MOST_SOURCE_BYTES = 500, 200_000_000
SECONDS, MEMORY_BYTES = 60.0, 1_000_000_000
"""What reading one source may take."""


@dataclass(frozen=True)
class Kept:
    """A file of the folder of sources; `text` is None where none can be read from it."""

    name: str
    sha256: str
    form: str
    text: str | None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Result:
    """A memo with all that was found; `memo` is None where it cannot be read."""

    name: str
    memo: Memo | None
    reading: tuple[Finding, ...] = ()
    checked: Checked | None = None

    @property
    def status(self) -> Literal[0, 1, 2]:
        """The exit status of this file alone."""
        return 2 if self.checked is None else 1 if self.checked.fails else 0


@click.group(name="memo")
def command() -> None:
    """Check legal memos."""


@command.command(name="check")
@click.argument("files", nargs=-1, required=True, metavar="FILE.docx|.md...")
@click.option("--sources", "folder", metavar="DIR", help="A folder with the texts of what is quoted: TXT, Markdown, HTML, PDF or DOCX, with its subfolders.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text: an object, for several files a list of them.")
@click.pass_context
def check_files(ctx: click.Context, files: Sequence[str], folder: str | None, as_json: bool) -> None:
    """Judge the citations and quotations of a memo in Markdown or DOCX, told by content. Nothing else in it is judged, and nothing is asked of a network.

    A citation holds where its reporter or code is known, its series ran in the year cited, its volume and pinpoint can be, and its court is one that the
    reporter reports. It fails where one of these is not so. It cannot be judged where it gives no year, is of another country, names only a docket, or
    stands for a citation (id., supra, short forms) that is not there or does not hold. That a case says what it is cited for is not judged.

    A quotation is compared letter by letter with the sources: brackets mark what was altered, ellipses what was left out; spaces, dashes, the kind of
    quotation marks and the point or comma at its end do not count. Without --sources, and where no source holds anything like it, it is "not compared",
    which is no failure.

    \b
    JSON: {file, format, holds, citations, quotations, sources, findings}.
    A citation is {citation, verdict, kind, line, case, volume, reporter, page,
    pinpoint, year, court, refers_to, findings}; citation is as written, verdict
    is "holds", "fails" or "cannot be judged", refers_to the citation in full that
    a short one stands for. A quotation is {quotation, verdict, line, block, cited,
    source, source_line, source_page, written, reads, findings}; verdict is "holds",
    "fails" or "not compared". A finding is {code, severity, line, field, says}.
    Lines of DOCX are numbers of paragraphs.

    Exit status: 0 read and holds; 1 read, and a citation or quotation fails; 2 cannot be read as a memo. Several files: the worst.
    """
    kept = _kept(folder) if folder is not None else None
    if kept is None and folder is not None:
        click.echo(f"{_shown(folder)}:1: sources: there is no such folder", err=True)
        ctx.exit(2)
    results = [_checked(name, kept) for name in files]
    if as_json:
        said = [_plain(one, kept) for one in results]
        click.echo(json.dumps(said[0] if len(said) == 1 else said, ensure_ascii=False, indent=2))
    for one in results:
        _say(one, as_json)
    ctx.exit(max(one.status for one in results))


def _checked(name: str, kept: Sequence[Kept] | None) -> Result:
    data = _bytes(name, MOST_BYTES)
    if isinstance(data, str):
        click.echo(f"{_shown(name)}:1: file: {data}", err=True)
        return Result(name, None)
    memo, reading = read(data)
    if memo is None:
        return Result(name, None, reading)
    texts = None if kept is None else [Source(one.name, one.text) for one in kept if one.text is not None]
    return Result(name, memo, reading, check(memo, texts, date.today().year))  # noqa: DTZ011 - the year of whoever asks


def _kept(folder: str) -> list[Kept] | None:
    """Every file below the folder that is not hidden, by name; what cannot be read is said and left out. None: there is no such folder."""
    root = Path(folder)
    try:
        if not root.is_dir():
            return None
        paths = sorted(path for path in root.rglob("*") if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts))
    except (OSError, ValueError):
        return None
    made, size = [], 0
    for path in paths[:MOST_SOURCES]:
        data = _bytes(str(path), sources.MOST_BYTES)
        size += len(data)
        if size > MOST_SOURCE_BYTES:
            click.echo(f"{_shown(str(path))}:1: sources: left out: the folder holds more than {MOST_SOURCE_BYTES // 1_000_000} MB", err=True)
            break
        made.append(_source(path.relative_to(root).as_posix(), data))
        for finding in made[-1].findings:
            click.echo(_refusal(str(path), finding), err=True)
    if len(paths) > MOST_SOURCES:
        click.echo(f"{_shown(folder)}:1: sources: only the first {MOST_SOURCES} files are read", err=True)
    return made


def _source(name: str, data: bytes | str) -> Kept:
    if isinstance(data, str):
        click.echo(f"{_shown(name)}:1: file: {data}", err=True)
        return Kept(name, "", "", None)
    sha256 = hashlib.sha256(data).hexdigest()
    if not data.startswith(b"%PDF-"):
        text, findings = sources.read(data)
        return Kept(name, sha256, text.form if text else "", text.text if text else None, findings)
    # A PDF is a program of a kind: it is read in a process apart, with limits.
    outcome = hostile.run_limited(sources.read, data, seconds=SECONDS, memory_bytes=MEMORY_BYTES)
    if not isinstance(outcome, hostile.Answer):
        return Kept(name, sha256, "pdf", None, (outcome.finding,))
    text, findings = outcome.value
    return Kept(name, sha256, "pdf", text.text if text else None, findings)


def _bytes(name: str, most: int) -> bytes | str:
    """The file's bytes, one more than the limit at most; or why there are none."""
    try:
        with Path(name).open("rb") as stream:
            return stream.read(most + 1)
    except FileNotFoundError:
        return "there is no such file"
    except IsADirectoryError:
        return "this is a folder"
    except (OSError, ValueError) as problem:
        return f"it cannot be opened: {getattr(problem, 'strerror', None) or problem}"


def _say(one: Result, as_json: bool) -> None:
    """Text of what was read to stdout; why it could not be read to stderr, with JSON too."""
    if one.checked is None or one.memo is None:
        for finding in one.reading:
            click.echo(_refusal(one.name, finding), err=True)
        return
    if as_json:
        return
    cited, quoted = one.checked.citations, one.checked.quotations
    click.echo(f"{_shown(one.name)}: {FORMS[one.memo.form]}, {len(cited)} citation{'s' * (len(cited) != 1)}, {len(quoted)} quotation{'s' * (len(quoted) != 1)}")
    for citation in cited:
        click.echo(f"  line {citation.line}: {citation.verdict}: {_shown(citation.citation.written)}")
        _say_findings(citation.findings)
    for quotation in quoted:
        where = f" ({_where(quotation)})" if quotation.verdict == "holds" and quotation.compared and quotation.compared.source else ""
        click.echo(f"  line {quotation.line}: {quotation.verdict}: “{_shown(_cut(quotation.quotation.text))}”{_shown(where)}")
        _say_findings(quotation.findings)


def _say_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(f"    {RULES[finding.code].severity}: {_sentence(finding)} [{finding.code}]")


def _refusal(name: str, finding: Finding) -> str:
    return f"{_shown(name)}:{finding.place.line or 1}: {finding.place.field or 'file'}: {_sentence(finding)}"


def _where(quotation: Quoted) -> str:
    assert quotation.compared is not None
    assert quotation.compared.source is not None
    page = f", page {quotation.compared.page}" if quotation.compared.page else ""
    return f"{quotation.compared.source.name}, line {quotation.compared.line}{page}"


def _cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 100 else words[:99] + "…"


def _sentence(finding: Finding) -> str:
    return _shown(WORDS.finding(finding, RULES[finding.code]))


def _shown(text: str) -> str:
    """One line that no terminal takes for a command: what a file or its name says is not trusted."""
    return "".join(letter if letter.isprintable() else "�" for letter in text.replace("\n", " "))


def _plain(one: Result, kept: Sequence[Kept] | None) -> dict[str, Any]:
    checked = one.checked
    return {
        "file": one.name,
        "format": one.memo.form if one.memo else None,
        "holds": None if checked is None else not checked.fails,
        "citations": [_plain_citation(cited, checked.citations) for cited in checked.citations] if checked else [],
        "quotations": [_plain_quotation(quoted, checked.citations) for quoted in checked.quotations] if checked else [],
        "sources": None if kept is None else [{"file": each.name, "sha256": each.sha256, "format": each.form, "read": each.text is not None} for each in kept],
        "findings": [_plain_finding(finding) for finding in (*one.reading, *(checked.findings if checked else ()))],
    }


def _plain_citation(one: Judged, among: Sequence[Judged]) -> dict[str, Any]:
    citation = one.citation
    return {
        "citation": citation.written,
        "verdict": one.verdict,
        "kind": citation.kind,
        "line": one.line,
        "case": citation.name,
        "volume": citation.volume,
        "reporter": citation.reporter,
        "page": citation.page,
        "pinpoint": citation.pinpoint,
        "year": citation.year,
        "court": citation.court,
        "refers_to": among[one.refers_to].citation.written if one.refers_to is not None else None,
        "findings": [_plain_finding(finding) for finding in one.findings],
    }


def _plain_quotation(one: Quoted, among: Sequence[Judged]) -> dict[str, Any]:
    compared = one.compared
    return {
        "quotation": " ".join(one.quotation.text.split()),
        "verdict": one.verdict,
        "line": one.line,
        "block": one.is_block,
        "cited": among[one.cited].citation.written if one.cited is not None else None,
        "source": compared.source.name if compared and compared.source else None,
        "source_line": compared.line if compared else None,
        "source_page": compared.page if compared else None,
        "written": compared.written if compared and compared.verdict == "differs" else None,
        "reads": compared.reads if compared and compared.verdict == "differs" else None,
        "findings": [_plain_finding(finding) for finding in one.findings],
    }


def _plain_finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": RULES[finding.code].severity,
        "line": finding.place.line,
        "field": finding.place.field,
        "says": _sentence(finding),
    }
