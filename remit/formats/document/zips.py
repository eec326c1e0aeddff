"""An office file made again with fixed times, so that the same content is the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first instant that a zip can hold."""


def settled(data: bytes, on: str) -> bytes:
    """The same members in the order of their names, all of one time; the date `on` (ISO, else the earliest) becomes that of making and changing."""
    made = io.BytesIO()
    try:
        stamp = f"{date.fromisoformat(on[:10]).isoformat()}T00:00:00Z".encode()
    except ValueError:
        stamp = b"1980-01-01T00:00:00Z"
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            member = zipfile.ZipInfo(name, EARLIEST)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, content)
    return made.getvalue()
