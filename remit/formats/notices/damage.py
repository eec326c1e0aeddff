"""Line breaks that came as the letters "rn" (a backslash was lost on the way): told from words that end so, and repaired."""

from __future__ import annotations

import re

# Words of English that end in -rn before a space; after these letters "rn" is part of the word.
WORDS = frozenset(
    {
        "modern", "western", "eastern", "northern", "southern", "northwestern", "northeastern", "southwestern", "southeastern", "return", "turn",
        "overturn", "downturn", "upturn", "nocturn", "learn", "unlearn", "earn", "yearn", "concern", "discern", "govern", "pattern", "lantern",
        "intern", "extern", "stern", "astern", "tern", "bittern", "fern", "born", "newborn", "stillborn", "inborn", "stubborn", "reborn", "corn",
        "acorn", "unicorn", "popcorn", "horn", "thorn", "shorn", "worn", "torn", "sworn", "mourn", "adjourn", "sojourn", "morn", "adorn", "scorn",
        "barn", "yarn", "darn", "warn", "forewarn", "burn", "auburn", "churn", "spurn", "urn", "saturn", "tavern", "cavern", "cistern", "lectern",
        "bairn", "cairn", "taciturn", "postern", "slattern", "leghorn", "hawthorn", "longhorn", "bicorn", "careworn", "timeworn", "outworn",
        "hepburn", "blackburn", "severn", "malvern", "bern", "lucern", "haworn", "silverburn", "sweetcorn", "cwrn", "darllen", "haearn", "cadarn",
        "gwern", "uffern", "safn",
    }
)  # fmt: skip
SURE = re.compile(
    r"(?<=[^\Waeiouyw])rn(?=\s|rn|$|[A-Z0-9(\[•*–-])"  # after a consonant no word of English ends so
    r"|(?<=[a-z])rn(?=[A-Z][a-z ]|[•*])"  # a capital follows within the word
    r"|(?<=[\d.,:;!?)\]\"'”’])rn(?=\s|[A-Z0-9•*–-]|rn|$)"
    r"|(?<=[^\w])rn(?=\s|rn|[A-Z•*-]|$)"
    r"|rnrn"
)
DOUBTFUL = re.compile(r"\b(\w{0,40}[aeiouyw])rn(?=\s+[^\s\w]|\s+[A-Z0-9]|\s*$)", re.ASCII)


def repaired(text: str) -> tuple[str, int]:
    """The text with its line breaks back, and how many there were; (text, 0) where none is sure."""
    count = 0
    while True:
        text, found = SURE.subn("\n", text)
        count += found
        if not found:
            break
    if not count:
        return text, 0

    def doubtful(match: re.Match[str]) -> str:
        nonlocal count
        whole = match[1] + "rn"
        if whole.casefold() in WORDS or (whole[:1].isupper() and whole.endswith(("urn", "orn"))):  # Woburn, Fulbourn, Cleghorn
            return match[0]
        count += 1
        return match[1] + "\n"

    text = DOUBTFUL.sub(doubtful, text)
    return "\n".join(line.strip() for line in text.splitlines()).strip(), count
