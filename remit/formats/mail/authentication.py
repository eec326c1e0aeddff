"""What the receiving server found of a sender, from its Authentication-Results (RFC 8601); a header of anybody else is not believed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from remit.formats.mail.values import Checked

_METHOD = re.compile(r"(spf|dkim|dmarc)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def checked(headers: Iterable[str], authserv: str) -> Checked | None:
    """Of the topmost header by the trusted server, which takes away those that claim its name (RFC 8601, section 5); None where there is none."""
    if not authserv:
        return None
    for header in headers:
        name, _, results = _bare(header).partition(";")
        if name.split()[:1] != [authserv.lower()]:
            continue
        found: dict[str, str] = {}
        for result in results.split(";"):
            method = _METHOD.match(result.strip())
            # Of several signatures one that passes is enough.
            if method and found.get(method[1]) != "pass":
                found[method[1]] = method[2]
        return Checked(**found)
    return None


def _bare(header: str) -> str:
    """Without comments, which nest, and quoted text: both may hold anything."""
    text, depth, kept = _QUOTED.sub('""', header), 0, []
    for letter in text.lower():
        depth += letter == "("
        if depth == 0:
            kept.append(letter)
        depth -= letter == ")" and depth > 0
    return "".join(kept)
