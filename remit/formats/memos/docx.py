"""DOCX to passages: the text as it reads with all changes taken, footnotes after the paragraph that calls them; opened only after its parts were weighed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from remit.domain.line import Finding
from remit.formats.memos.rules import found
from remit.formats.memos.values import Passage, PassageKind, part_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BODY = "word/document.xml"
MOST_UNPACKED, MOST_RATIO, MOST_MEMBERS, MOST_PARAGRAPHS = 60_000_000, 200, 5_000, 50_000
HEAD = 1 << 16
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, KeyError)
SET_IN = 400
"""Twentieths of a point by which both sides of a block quotation are set in at least."""
LONGEST_HEADING = 80


class Unreadable(Exception):
    """Why a DOCX is given up."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def passages(data: bytes) -> tuple[Passage, ...]:
    """In the order of the document. Raises Unreadable for everything that is wrong with it."""
    parts = _parts(data)
    if BODY not in parts:
        raise Unreadable(found("memo.no_body", 1, BODY))
    body = _tree(parts, BODY)
    styles = _styles(_tree(parts, "word/styles.xml")) if "word/styles.xml" in parts else {}
    notes = {name: _notes(_tree(parts, f"word/{name}s.xml"), name) for name in ("footnote", "endnote") if f"word/{name}s.xml" in parts}
    made: list[Passage] = []
    for number, paragraph in enumerate(body.iter(f"{W}p"), start=1):
        if number > MOST_PARAGRAPHS:
            raise Unreadable(found("memo.too_many", number, BODY, count=MOST_PARAGRAPHS))
        made += _passages(paragraph, number, styles, notes)
    return tuple(made)


def _parts(data: bytes) -> Mapping[str, bytes]:
    """The XML parts that are read, unpacked as streams, so that a false size in the directory deceives nobody."""
    most, unpacked, kept = min(MOST_UNPACKED, max(MOST_RATIO * len(data), 1_000_000)), 0, {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > MOST_MEMBERS:
                raise Unreadable(found("memo.too_many", 1, "file", count=MOST_MEMBERS))
            for name in (BODY, "word/styles.xml", "word/footnotes.xml", "word/endnotes.xml"):
                if name not in names:
                    continue
                chunks = []
                with archive.open(name) as part:
                    while chunk := part.read(HEAD):
                        unpacked += len(chunk)
                        if unpacked > most:
                            raise Unreadable(found("memo.too_large", 1, name, megabytes=most // 1_000_000))
                        chunks.append(chunk)
                kept[name] = b"".join(chunks)
    except DAMAGED as damage:
        raise Unreadable(found("memo.broken")) from damage
    return kept


def _tree(parts: Mapping[str, bytes], name: str) -> Any:
    from lxml import etree

    content = parts[name]
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable(found("memo.doctype", 1, name))
    try:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError) as damage:
        raise Unreadable(found("memo.bad_xml", int(getattr(damage, "lineno", 1) or 1), name)) from damage
    return tree


def _styles(tree: Any) -> Mapping[str, tuple[str, int]]:
    """(name, level of outline or 0) of each style, those that it is based on asked, too."""
    own = {}
    for style in tree.iter(f"{W}style"):
        key, name = style.get(f"{W}styleId") or "", _value(style.find(f"{W}name"))
        based = _value(style.find(f"{W}basedOn"))
        own[key] = (name.lower(), _level(style.find(f"{W}pPr/{W}outlineLvl")), based)
    return {key: (_quote_or_name(key, own), _outline(key, own)) for key in own}


def _quote_or_name(key: str, own: Mapping[str, tuple[str, int, str]]) -> str:
    names = []
    for _ in range(12):
        if key not in own:
            break
        names.append(own[key][0])
        key = own[key][2]
    return next((name for name in names if "quot" in name or "block text" in name), names[0] if names else "")


def _outline(key: str, own: Mapping[str, tuple[str, int, str]]) -> int:
    for _ in range(12):
        if key not in own:
            return 0
        name, level, based = own[key]
        if level or (numbered := re.match(r"heading (\d)", name)):
            return level or int(numbered[1])  # type: ignore[index]
        if name in ("title", "subtitle"):
            return 1
        key = based
    return 0


def _notes(tree: Any, name: str) -> Mapping[str, str]:
    notes = {}
    for note in tree.iter(f"{W}{name}"):
        if note.get(f"{W}type") in (None, "normal"):
            notes[note.get(f"{W}id") or ""] = " ".join(filter(None, (_text(paragraph).strip() for paragraph in note.iter(f"{W}p"))))
    return notes


def _passages(paragraph: Any, number: int, styles: Mapping[str, tuple[str, int]], notes: Mapping[str, Mapping[str, str]]) -> Iterator[Passage]:
    text = _text(paragraph)
    if text.strip():
        kind, level = _kind(paragraph, text, styles)
        yield Passage(kind, text, number, level)
    for name, texts in notes.items():
        for call in _own(paragraph, f"{W}{name}Reference"):
            if said := texts.get(call.get(f"{W}id") or "", ""):
                yield Passage("footnote", said, number)


def _kind(paragraph: Any, text: str, styles: Mapping[str, tuple[str, int]]) -> tuple[PassageKind, int]:
    shape = paragraph.find(f"{W}pPr")
    name, level = styles.get(_value(shape.find(f"{W}pStyle")) if shape is not None else "", ("", 0))
    if shape is not None:
        level = _level(shape.find(f"{W}outlineLvl")) or level
    if level:
        return "heading", level
    if "quot" in name or "block text" in name or _is_set_in(shape):
        return "quote", 0
    short = text.strip()
    if len(short) <= LONGEST_HEADING and (part_of(short) or (short.isupper() and any(sign.isalpha() for sign in short))) and not short.endswith((".", ";")):
        return "heading", 2
    return ("row" if paragraph.getparent() is not None and paragraph.getparent().tag == f"{W}tc" else "text"), 0


def _is_set_in(shape: Any) -> bool:
    indent = shape.find(f"{W}ind") if shape is not None else None
    if indent is None:
        return False
    left, right = (indent.get(f"{W}{one}") or indent.get(f"{W}{other}") or "0" for one, other in (("left", "start"), ("right", "end")))
    return all(re.fullmatch(r"\d{1,6}", side) and int(side) >= SET_IN for side in (left, right))


def _text(paragraph: Any) -> str:
    parts: list[str] = []
    _collect(paragraph, parts, True)
    return "".join(parts).replace("\u00a0", " ")


def _collect(element: Any, parts: list[str], is_top: bool) -> None:
    """Texts of a paragraph without what was deleted, fields' codes, and the paragraphs of text boxes in it."""
    stack: list[Any] = [iter(element)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            continue
        tag = child.tag
        if tag in (f"{W}p", f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", MC_FALLBACK) or not isinstance(tag, str):
            continue
        if tag == f"{W}t":
            parts.append(child.text or "")
        elif tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            parts.append(" ")
        elif tag == f"{W}noBreakHyphen":
            parts.append("-")
        else:
            stack.append(iter(child))


def _own(paragraph: Any, tag: str) -> Iterator[Any]:
    """Elements of a paragraph that are not deleted."""
    for element in paragraph.iter(tag):
        if not any(parent.tag in (f"{W}del", f"{W}moveFrom", MC_FALLBACK) for parent in element.iterancestors()):
            yield element


def _value(element: Any) -> str:
    return (element.get(f"{W}val") or "") if element is not None else ""


def _level(element: Any) -> int:
    """An outline level, which the format counts from 0; 9 means none."""
    value = _value(element)
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else 0
