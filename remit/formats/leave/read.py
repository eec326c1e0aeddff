"""A file of leave from its bytes: a calendar where it begins as one, else a sheet. It never raises on what is in it."""

from __future__ import annotations

import hashlib
from datetime import date

from remit.formats.leave.ics import read_ics
from remit.formats.leave.rules import found
from remit.formats.leave.sheet import LIMITS, read_sheet
from remit.formats.leave.values import Brought

__all__ = ["LIMITS", "read"]


def read(data: bytes, name: str, first: date, last: date) -> Brought:
    """Leave that touches the days from `first` until before `last`."""
    sha256 = hashlib.sha256(data).hexdigest()
    head = data[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").upper()
    if len(data) > LIMITS.file_bytes:
        return Brought(name=name, sha256=sha256, findings=(found("broken", None, why=f"more than {LIMITS.file_bytes} bytes"),))
    if head.startswith(b"BEGIN:VCALENDAR"):
        rows, uids, findings = read_ics(data, (first, last))
        return Brought(name=name, sha256=sha256, form="calendar", rows=rows, uids=uids, findings=findings)
    if name.lower().endswith((".ics", ".ical", ".ifb")):
        return Brought(name=name, sha256=sha256, form="calendar", findings=(found("not_calendar", 1),))
    rows, findings = read_sheet(data, (first, last))
    return Brought(name=name, sha256=sha256, form="sheet", rows=rows, findings=findings)
