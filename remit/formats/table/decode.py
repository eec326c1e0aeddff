"""Bytes to text: the encodings that bank and ledger exports use."""

from __future__ import annotations

import codecs

from remit.domain.line import Finding
from remit.formats.table.rules import found

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 4096


def decode(data: bytes, stated: str = "") -> tuple[str | None, str, tuple[Finding, ...]]:
    """Text, the encoding it was read by, findings; `stated` is what the file says of itself and is believed only after UTF-8 failed.

    A NUL in the text means that it is none. Line ends become "\\n".
    """
    text, encoding = _text(data, stated)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        return None, encoding, (found("table.not_text", text.count("\n", 0, text.index("\0")) + 1),)
    return text, encoding, ()


def _text(data: bytes, stated: str) -> tuple[str, str]:
    for encoding in _candidates(data, stated):
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1"), "latin-1"


def _candidates(data: bytes, stated: str) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    wide = _wide(data[:_SAMPLE])
    if wide:
        return [wide]
    known = [stated] if _is_text_codec(stated) else []
    return ["utf-8", *known, "cp1252", *_guessed(data)]


def _wide(sample: bytes) -> str:
    """UTF-16 without its mark: in Latin text every other byte is zero."""
    even, odd = sample[0::2], sample[1::2]
    if len(sample) < 4 or 0 not in sample:
        return ""
    if odd.count(0) > 0.4 * len(odd) and even.count(0) == 0:
        return "utf-16-le"
    if even.count(0) > 0.4 * len(even) and odd.count(0) == 0:
        return "utf-16-be"
    return ""


def _is_text_codec(name: str) -> bool:
    try:
        # base64 and the like are codecs too, but give bytes.
        return bool(name) and codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _guessed(data: bytes) -> list[str]:
    """Asked last, when neither UTF-8 nor Windows Latin fits."""
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data[: 16 * _SAMPLE]).best()
        return [best.encoding] if best else []
    return []
