"""The icons that pages may name, read once; a page carries only those that it uses."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("icons.svg")
_SYMBOL = re.compile(r'^<symbol id="i-([a-z0-9-]+)".*</symbol>$', re.MULTILINE)


@cache
def symbols() -> dict[str, str]:
    """The `<symbol>` of each icon by its name."""
    return {found[1]: found[0] for found in _SYMBOL.finditer(FILE.read_text("utf-8"))}
