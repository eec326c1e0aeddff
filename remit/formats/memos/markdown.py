"""Markdown to passages, by the library's reader of CommonMark: marks of emphasis and links go, quotation marks stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from remit.formats.memos.values import Passage, PassageKind

FOOTNOTE = re.compile(r"^( {0,3})\[\^([^\]\s]+)\]:", re.MULTILINE)
FOOTNOTE_TEXT = re.compile(r"^\[\^[^\]\s]+\]:\s*")
FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
FRONT_MATTER = re.compile(r"\A---\n(?:.*\n)*?(?:---|\.\.\.)\n")


def passages(text: str) -> tuple[Passage, ...]:
    """In the order of the file; code and HTML are left out."""
    # A footnote is not in CommonMark, where it may look like a definition of a link, which is not shown.
    text = FRONT_MATTER.sub(lambda front: "\n" * front[0].count("\n"), FOOTNOTE.sub(r"\1\\[^\2]:", text))
    return tuple(_passages(_reader().parse(text)))


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")


def _passages(tokens: list[Any]) -> Iterator[Passage]:
    quotes = heading = 0
    line, in_row = 1, False
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        match token.type:
            case "blockquote_open":
                quotes += 1
            case "blockquote_close":
                quotes -= 1
            case "heading_open":
                heading = int(token.tag[1:])
            case "heading_close":
                heading = 0
            case "tr_open" | "tr_close":
                in_row = token.type == "tr_open"
            case "inline":
                text = _text(token.children or [])
                if not text.strip():
                    continue
                kind: PassageKind = "heading" if heading else "row" if in_row else "quote" if quotes else "text"
                if kind == "text" and (note := FOOTNOTE_TEXT.match(text)):
                    kind, text = "footnote", text[note.end() :]
                yield Passage(kind, FOOTNOTE_MARK.sub("", text), line, heading)


def _text(children: list[Any]) -> str:
    parts = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)
