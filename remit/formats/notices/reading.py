"""Reads a procurement notice file of any known form."""

from __future__ import annotations

import dataclasses

from remit.domain.line import Finding, Place
from remit.formats.notices import eforms, ocds, ted, tree, xml
from remit.formats.notices.notice import NoticeFile

MOST_BYTES = 64 * 1024 * 1024
Found = tuple[NoticeFile | None, tuple[Finding, ...]]


def read(data: bytes, name: str = "") -> Found:
    """The notices of a file with the findings about the file itself; None comes with at least one error. Never raises, whatever the bytes are."""
    file, findings = _read(data, name)
    if file is not None:
        from remit.formats.notices import judgement

        file = dataclasses.replace(file, notices=tuple(judgement.judged(notice) for notice in file.notices))
    return file, findings


def _read(data: bytes, name: str) -> Found:
    if len(data) > MOST_BYTES:
        return None, (Finding("notice.too_large", _top("bytes"), {"size": len(data), "most": MOST_BYTES}),)
    start = data[:4].lstrip(b"\xef\xbb\xbf\xff\xfe") + data[4:4096]
    start = start.replace(b"\x00", b"").lstrip()
    if not data.strip():
        return None, (Finding("notice.empty_file", _top("bytes")),)
    if start.startswith(b"<"):
        return _xml(data, name)
    if start.startswith((b"{", b"[")):
        return _json(data, name)
    begins = repr(start[:24].decode("latin-1"))
    return None, (Finding("notice.unknown_format", _top("bytes"), {"begins": begins}),)


def _xml(data: bytes, name: str) -> Found:
    root, faults = xml.parse(data)
    if root is None:
        return None, faults
    label = xml.name(root)
    if label == "TED_EXPORT":
        return ted.read(root, name)
    if label in eforms.ROOTS:
        return eforms.read(root, name)
    return None, (Finding("notice.unknown_form", xml.place(root), {"root": label[:60]}),)


def _json(data: bytes, name: str) -> Found:
    root, faults = tree.parse(data)
    if root is None:
        return None, faults
    if not ocds.is_ocds(root):
        return None, (Finding("notice.unknown_form", _top("ocid"), {"root": "This JSON"}),)
    file, found = ocds.read(root, name)
    return file, (*faults, *found)


def _top(field: str) -> Place:
    return Place(path=(("line", 1), ("field", field)))
