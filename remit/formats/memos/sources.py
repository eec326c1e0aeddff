"""The text of a kept authority: from plain text, Markdown, HTML, PDF or DOCX; running heads are blanked, so that a sentence runs on over the page."""

from __future__ import annotations

import io
import re
from collections import Counter

from remit.domain.line import Finding
from remit.formats.memos import docx
from remit.formats.memos.rules import found
from remit.formats.memos.values import AuthorityText
from remit.formats.table.decode import decode

MOST_BYTES = 50_000_000
MOST_LETTERS = 10_000_000
MOST_PAGES = 3_000
HEAD_LINES = 4
"""Lines at the top of a page among which a running head stands."""
FEWEST_PAGES = 2
"""Pages on which a line must stand to be a running head."""


def read(data: bytes) -> tuple[AuthorityText | None, tuple[Finding, ...]]:
    """The text, told by content; or None with why there is none. Never raises on what is in it."""
    if len(data) > MOST_BYTES:
        return None, (found("memo.too_large", megabytes=MOST_BYTES // 1_000_000),)
    if not data.strip():
        return None, (found("memo.empty", 1, "text"),)
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(b"PK"):
        try:
            return _kept("docx", "\n\n".join(passage.text for passage in docx.passages(data)))
        except docx.Unreadable as why:
            return None, (why.finding,)
    text, _encoding, _refused = decode(data)
    if text is None:
        return None, (found("authority.unreadable", 1, "text"),)
    start = data[:2000].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<body" in start:
        return _html(data)
    return _kept("txt", text)


def without_running_heads(text: str) -> str:
    """The same lines, with those blank that are heads of pages: they stand on top of several, but for their number."""
    pages = text.split("\f")
    if len(pages) < FEWEST_PAGES + 1:
        return text
    tops = [_top(page) for page in pages]
    seen = Counter(key for top in tops for key in {_key(line) for _, line in top})
    return "\f".join(
        _blanked(page, {at for at, line in top if seen[_key(line)] >= FEWEST_PAGES or not _key(line)}) for page, top in zip(pages, tops, strict=True)
    )


def _top(page: str) -> list[tuple[int, str]]:
    """(number, text) of the first lines of a page that are not blank."""
    return [(at, line) for at, line in enumerate(page.split("\n")) if line.strip()][:HEAD_LINES]


def _key(line: str) -> str:
    return re.sub(r"[\d\s]+", " ", line).strip().lower()


def _blanked(page: str, gone: set[int]) -> str:
    return "\n".join("" if at in gone else line for at, line in enumerate(page.split("\n")))


def _kept(form: str, text: str) -> tuple[AuthorityText | None, tuple[Finding, ...]]:
    if len(text) > MOST_LETTERS:
        return None, (found("memo.too_long", 1, "text", letters=MOST_LETTERS),)
    if not text.strip():
        return None, (found("memo.empty", 1, "text"),)
    # What no text holds, and no record could keep.
    return AuthorityText(form, without_running_heads(text.replace("\0", " "))), ()


def _html(data: bytes) -> tuple[AuthorityText | None, tuple[Finding, ...]]:
    from lxml import etree, html

    try:
        tree = html.document_fromstring(data)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None, (found("authority.unreadable", 1, "text"),)
    for element in tree.iter("script", "style", "noscript"):
        element.text = ""
    for element in tree.iter("p", "div", "li", "h1", "h2", "h3", "h4", "br", "tr", "blockquote"):
        element.tail = "\n" + (element.tail or "")
    return _kept("html", "".join(str(text) for text in tree.itertext()))


def _pdf(data: bytes) -> tuple[AuthorityText | None, tuple[Finding, ...]]:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data))
        if len(reader.pages) > MOST_PAGES:
            return None, (found("memo.too_many", count=MOST_PAGES),)
        pages = [page.extract_text() or "" for page in reader.pages]
    except MemoryError:
        raise
    # A damaged PDF fails in the library in ways beyond counting.
    except Exception:
        return None, (found("authority.unreadable"),)
    if not any(page.strip() for page in pages):
        return None, (found("authority.scanned"),)
    return _kept("pdf", "\n\f".join(pages))
