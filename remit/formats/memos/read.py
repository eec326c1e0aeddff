"""The file of a memo, told by its content: Markdown or DOCX."""

from __future__ import annotations

from remit.domain.line import Finding
from remit.formats.memos import docx, markdown
from remit.formats.memos.rules import found
from remit.formats.memos.values import Memo
from remit.formats.table.decode import decode

MOST_BYTES = 25_000_000
MOST_LETTERS = 1_000_000
OTHERS = ((b"%PDF-", "PDF"), (b"\xd0\xcf\x11\xe0", "DOC (Word 97–2003)"), (b"{\\rtf", "RTF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"))
CONTROL_SHARE = 0.02


def read(data: bytes) -> tuple[Memo | None, tuple[Finding, ...]]:
    """The memo, or None with why it cannot be read. Never raises on what is in it."""
    if len(data) > MOST_BYTES:
        return None, (found("memo.too_large", megabytes=MOST_BYTES // 1_000_000),)
    if not data.strip():
        return None, (found("memo.empty", 1, "text"),)
    for magic, form in OTHERS:
        if data.startswith(magic):
            return None, (found("memo.other_form", form=form),)
    if data.startswith(b"PK"):
        try:
            return _memo("docx", docx.passages(data))
        except docx.Unreadable as why:
            return None, (why.finding,)
    return _of_text(data)


def _of_text(data: bytes) -> tuple[Memo | None, tuple[Finding, ...]]:
    text, _encoding, _found = decode(data)
    if text is None or sum(not sign.isprintable() and not sign.isspace() for sign in text[:20_000]) > CONTROL_SHARE * min(len(text), 20_000):
        return None, (found("memo.not_text"),)
    if len(text) > MOST_LETTERS:
        return None, (found("memo.too_long", 1, "text", letters=MOST_LETTERS),)
    try:
        return _memo("md", markdown.passages(text))
    except RecursionError:
        return None, (found("memo.not_text", 1, "text"),)


def _memo(form: str, passages: tuple[object, ...]) -> tuple[Memo | None, tuple[Finding, ...]]:
    memo = Memo(form, passages)  # type: ignore[arg-type]
    if not passages:
        return None, (found("memo.empty", 1, "text"),)
    if sum(len(passage.text) for passage in memo.passages) > MOST_LETTERS:
        return None, (found("memo.too_long", 1, "text", letters=MOST_LETTERS),)
    return memo, ()
