"""Rule files: TOML bytes to a rule set, with line and field of every fault."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from remit.domain.reasons import N_, Reason, Sentence
from remit.domain.rules import RuleSet, RuleSets, parse

NOT_TEXT = Sentence("rules.not_text", N_("The file is not UTF-8 text."))
NOT_TOML = Sentence("rules.not_toml", N_("The file is not TOML: {problem}."))
TOO_LARGE = Sentence("rules.too_large", N_("A rule file holds at most {most} bytes."))
NAME = Sentence("rules.name", N_("The file of {jurisdiction} is called {name}."))

MOST_BYTES = 1_000_000
HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\- ]+?)\s*\]\]?\s*(#.*)?")
KEY = re.compile(r"\s*([A-Za-z0-9_-]+(?:\s*\.\s*[A-Za-z0-9_-]+)*)\s*=")
AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")

Keys = tuple[str | int, ...]


@dataclass(frozen=True)
class FileFault:
    """A fault with its line (from 1; 0 where none can be named) and field."""

    line: int
    field: str
    reason: Reason


def read(data: bytes, name: str = "") -> tuple[RuleSet | None, tuple[FileFault, ...]]:
    """The rule set of a file, or None with every fault; `name`, where given, must be the jurisdiction's in small letters, `us-ny.toml`."""
    if len(data) > MOST_BYTES:
        return None, (FileFault(0, "", TOO_LARGE(most=MOST_BYTES)),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return None, (FileFault(data.count(b"\n", 0, problem.start) + 1, "", NOT_TEXT()),)
    try:
        rule_set, faults = parse(tomllib.loads(text))
    except tomllib.TOMLDecodeError as problem:
        found = AT_LINE.search(str(problem))
        line = int(found[1]) if found else text.count("\n") + 1
        return None, (FileFault(line, "", NOT_TOML(problem=AT_LINE.sub("", str(problem)))),)
    except (RecursionError, ValueError) as problem:
        return None, (FileFault(0, "", NOT_TOML(problem=type(problem).__name__)),)
    lines = _lines(text)
    if rule_set and name and name != (right := f"{rule_set.jurisdiction.lower()}.toml"):
        return None, (FileFault(lines.get(("jurisdiction",), 0), "jurisdiction", NAME(jurisdiction=rule_set.jurisdiction, name=right)),)
    found_faults = (FileFault(_line(lines, fault.path), _field(fault.path), fault.reason) for fault in faults)
    return rule_set, tuple(sorted(found_faults, key=lambda fault: fault.line))


class Broken(ValueError):
    """A rule file that cannot be read as one; its words name file and line."""

    def __init__(self, file: str, faults: tuple[FileFault, ...]) -> None:
        super().__init__("\n".join(f"{file}:{fault.line or 1}: {fault.field or 'file'}: {fault.reason.code}" for fault in faults))
        self.file = file
        self.faults = faults


def contents(folder: Path | None = None) -> dict[str, bytes]:
    """By name the rule files that come with Remit, and those of an administrator's folder: one of the same name stands instead of Remit's own."""
    found = {file.name: file.read_bytes() for file in files("remit.rules").iterdir() if file.name.endswith(".toml")}
    if folder is not None and folder.is_dir():
        found |= {file.name: file.read_bytes() for file in folder.glob("*.toml")}
    return dict(sorted(found.items()))


def installed(folder: Path | None = None) -> RuleSets:
    """The rules of an installation; Broken for the first file that cannot be read."""
    sets = []
    for name, content in contents(folder).items():
        rule_set, faults = read(content, name)
        if rule_set is None:
            raise Broken(str(folder / name) if folder and (folder / name).exists() else name, faults)
        sets.append(rule_set)
    return RuleSets(tuple(sets))


@cache
def shipped() -> RuleSets:
    """The rule files that come with Remit."""
    return installed()


def _lines(text: str) -> dict[Keys, int]:
    """Line by path of each table and key; keys within inline tables have none of their own."""
    lines: dict[Keys, int] = {}
    counts: dict[Keys, int] = {}
    table: Keys = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = HEADER.fullmatch(line), KEY.match(line)
        if header:
            table = _entered(header[2], header[1] == "[[", counts)
            lines.setdefault(table, number)
        elif key:
            parts = tuple(part.strip() for part in key[1].split("."))
            for depth in range(1, len(parts) + 1):
                lines.setdefault((*table, *parts[:depth]), number)
    return lines


def _entered(dotted: str, many: bool, counts: dict[Keys, int]) -> Keys:
    """The path of a header, with the index of each list of tables that it lies in."""
    parts = [part.strip() for part in dotted.split(".")]
    path: Keys = ()
    for depth, part in enumerate(parts, start=1):
        path = (*path, part)
        if many and depth == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _line(lines: dict[Keys, int], path: Keys) -> int:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _field(path: Keys) -> str:
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in path)
