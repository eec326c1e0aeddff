"""JSON read strictly: every value knows its pointer and line; wrong types are said and passed over."""

from __future__ import annotations

import bisect
import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from remit.domain.line import Finding, Place

TOKEN = re.compile(r'"(?:[^"\\]+|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
SUSPECT = re.compile(r"(?:\\u(?:00[01]|[dD][89a-fA-F])[0-9a-fA-F]{1,2})+")
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
KINDS = {dict: "an object", list: "a list", str: "a text", bool: "yes or no", type(None): "nothing"}


class _NotANumber(ValueError):
    pass


def parse(data: bytes) -> tuple[Node | None, tuple[Finding, ...]]:
    """The root node, or why there is none; names that stand twice in one object are found, the last one counts."""
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        place = Place(path=(("line", data.count(b"\n", 0, error.start) + 1), ("field", "JSON")))
        return None, (Finding("notice.encoding", place, {"encoding": encoding.removesuffix("-sig").upper()}),)
    twice: set[str] = set()
    try:
        root = json.loads(text, parse_float=_number, parse_int=_number, parse_constant=_refuse, object_pairs_hook=lambda pairs: _object(pairs, twice))
    except json.JSONDecodeError as error:
        place = Place(path=(("line", error.lineno), ("field", f"column {error.colno}")))
        return None, (Finding("notice.malformed_json", place, {"problem": error.msg}),)
    except _NotANumber as error:
        at = re.search(rf"(?<![\w\"]){re.escape(str(error))}(?![\w\"])", text)
        place = Place(path=(("line", text.count("\n", 0, at.start() if at else 0) + 1), ("field", "JSON")))
        return None, (Finding("notice.not_a_number", place, {"text": str(error)[:40]}),)
    except RecursionError:
        return None, (Finding("notice.too_deep", Place(path=(("line", 1), ("field", "JSON")))),)
    source = _Source(text)
    if SUSPECT.search(text):
        root = _cleaned(root)
    return Node(root, "", source), (*_broken(text), *(source.twice(key) for key in sorted(twice)))


def _broken(text: str) -> tuple[Finding, ...]:
    """The first escape of a character that no text may hold, such as half a surrogate pair."""
    found = next((at for at in SUSPECT.finditer(text) if NO_TEXT.search(json.loads(f'"{at[0]}"'))), None)
    return (Finding("notice.broken_text", Place(path=(("line", text.count("\n", 0, found.start()) + 1), ("field", found[0])))),) if found else ()


def _cleaned(value: Any) -> Any:
    """The tree with such characters replaced, in names too; json.loads has bounded its depth."""
    match value:
        case str():
            return NO_TEXT.sub("\ufffd", value)
        case list():
            return [_cleaned(member) for member in value]
        case dict():
            return {_cleaned(key): _cleaned(member) for key, member in value.items()}
    return value


def _number(text: str) -> Decimal:
    return Decimal(text)


def _refuse(text: str) -> Any:
    raise _NotANumber(text)


def _object(pairs: list[tuple[str, Any]], twice: set[str]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                twice.add(key)
            seen.add(key)
    return made


class _Source:
    """The text of the file and, made when first asked for, the line of each pointer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.findings: list[Finding] = []
        self._lines: dict[str, int] = {}

    def line(self, pointer: str) -> int:
        if not self._lines:
            self._lines = _lines(self.text)
        return self._lines.get(pointer, 0)

    def twice(self, key: str) -> Finding:
        """That a name stands twice in an object; the line is that of its second use in the file, since only the name is known."""
        uses = [found.start() for found in re.finditer(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:", self.text)]
        line = self.text.count("\n", 0, uses[min(1, len(uses) - 1)]) + 1 if uses else 1
        shown = NO_TEXT.sub("\ufffd", key[:60])
        return Finding("notice.duplicate_key", Place(path=(("line", line), ("field", shown))), {"key": shown})


def _lines(text: str) -> dict[str, int]:
    """Line by pointer. The text is known to be well-formed, so tokens are enough."""
    newlines = [found.start() for found in re.finditer("\n", text)]
    lines: dict[str, int] = {}
    above: list[tuple[str, int]] = []  # pointer of each open container and its next index; -1 for an object
    pointer, key = "", True
    for token in TOKEN.finditer(text):
        word = token[0]
        if word in "}]":
            above.pop()
        elif word == ",":
            within, index = above[-1]
            if index >= 0:
                above[-1] = (within, index + 1)
                pointer = f"{within}/{index + 1}"
            else:
                key = True
        elif word == ":":
            key = False
        elif above and above[-1][1] < 0 and key:
            name = NO_TEXT.sub("\ufffd", json.loads(word)) if "\\" in word else word[1:-1]
            pointer = f"{above[-1][0]}/{_escaped(name)}"
        else:
            lines[pointer] = bisect.bisect_left(newlines, token.start()) + 1
            if word in "{[":
                above.append((pointer, -1 if word == "{" else 0))
                key = word == "{"
                pointer = f"{pointer}/0" if word == "[" else pointer
    return lines


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


class Node:
    """A value of the tree; steps that lead nowhere give an empty node."""

    __slots__ = ("pointer", "source", "value")

    def __init__(self, value: Any, pointer: str, source: _Source) -> None:
        self.value, self.pointer, self.source = value, pointer, source

    def __bool__(self) -> bool:
        return self.value is not None

    def __getitem__(self, key: str | int) -> Node:
        child = None
        if isinstance(key, int):
            child = self.value[key] if isinstance(self.value, list) and key < len(self.value) else None
        elif isinstance(self.value, dict):
            child = self.value.get(key)
        elif self.value is not None:
            self.wrong("an object")
        return Node(child, f"{self.pointer}/{_escaped(str(key))}", self.source)

    def at(self, path: str) -> Node:
        """The node at a path of names, such as `tender/value`."""
        node = self
        for step in path.split("/"):
            node = node[step]
        return node

    def items(self) -> Iterator[Node]:
        """The members of a list; none, and a finding, where it is something else."""
        if isinstance(self.value, list):
            for index, child in enumerate(self.value):
                yield Node(child, f"{self.pointer}/{index}", self.source)
        elif self.value is not None:
            self.wrong("a list")

    @property
    def text(self) -> str:
        """The text (a number as it is written); empty, and a finding, where it is something else."""
        match self.value:
            case str():
                return self.value
            case None:
                return ""
            case Decimal():
                return str(self.value)
            case bool():
                return "true" if self.value else "false"
        self.wrong("a text")
        return ""

    @property
    def flag(self) -> bool | None:
        """True or false, None where it is not said."""
        return self.value if isinstance(self.value, bool) else None

    def wrong(self, wanted: str) -> None:
        """Keep the finding that a value is of the wrong type."""
        found = "a number" if isinstance(self.value, Decimal) else KINDS[type(self.value)]
        finding = Finding("notice.wrong_type", self.place(), {"wanted": wanted, "found": found})
        if finding not in self.source.findings[-20:]:
            self.source.findings.append(finding)

    def place(self, field: str = "") -> Place:
        """Line, pointer and field name of this value."""
        shown = field or "/".join(step for step in self.pointer.split("/")[1:] if not step.isdigit()).removeprefix("releases/").removeprefix("records/")
        return Place(path=(("line", self.source.line(self.pointer)), ("pointer", self.pointer), ("field", shown)))
