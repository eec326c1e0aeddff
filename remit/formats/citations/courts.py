"""Courts as citations write them, found in the table of courts; and which courts a reporter reports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

STATES: Mapping[str, tuple[str, str]] = {
    **{"al": ("Alabama", "Ala."), "ak": ("Alaska", "Alaska"), "az": ("Arizona", "Ariz."), "ar": ("Arkansas", "Ark."), "ca": ("California", "Cal.")},
    **{"co": ("Colorado", "Colo."), "ct": ("Connecticut", "Conn."), "de": ("Delaware", "Del."), "dc": ("Washington D.C.", "D.C.")},
    **{"fl": ("Florida", "Fla."), "ga": ("Georgia", "Ga."), "hi": ("Hawaii", "Haw."), "id": ("Idaho", "Idaho"), "il": ("Illinois", "Ill.")},
    **{"in": ("Indiana", "Ind."), "ia": ("Iowa", "Iowa"), "ks": ("Kansas", "Kan."), "ky": ("Kentucky", "Ky."), "la": ("Louisiana", "La.")},
    **{"me": ("Maine", "Me."), "md": ("Maryland", "Md."), "ma": ("Massachusetts", "Mass."), "mi": ("Michigan", "Mich."), "mn": ("Minnesota", "Minn.")},
    **{"ms": ("Mississippi", "Miss."), "mo": ("Missouri", "Mo."), "mt": ("Montana", "Mont."), "ne": ("Nebraska", "Neb."), "nv": ("Nevada", "Nev.")},
    **{"nh": ("New Hampshire", "N.H."), "nj": ("New Jersey", "N.J."), "nm": ("New Mexico", "N.M."), "ny": ("New York", "N.Y.")},
    **{"nc": ("North Carolina", "N.C."), "nd": ("North Dakota", "N.D."), "oh": ("Ohio", "Ohio"), "ok": ("Oklahoma", "Okla."), "or": ("Oregon", "Or.")},
    **{"pa": ("Pennsylvania", "Pa."), "ri": ("Rhode Island", "R.I."), "sc": ("South Carolina", "S.C."), "sd": ("South Dakota", "S.D.")},
    **{"tn": ("Tennessee", "Tenn."), "tx": ("Texas", "Tex."), "ut": ("Utah", "Utah"), "vt": ("Vermont", "Vt."), "va": ("Virginia", "Va.")},
    **{"wa": ("Washington", "Wash."), "wv": ("West Virginia", "W. Va."), "wi": ("Wisconsin", "Wis."), "wy": ("Wyoming", "Wyo.")},
    **{"pr": ("Puerto Rico", "P.R."), "gu": ("Guam", "Guam"), "vi": ("Virgin Islands", "V.I."), "mp": ("Northern Mariana Islands", "N. Mar. I.")},
    **{"as": ("American Samoa", "Am. Samoa")},
}
"""Code to name (as the table of courts spells it) and abbreviation."""

REGIONS: Mapping[str, tuple[str, ...]] = {
    "A.": ("ct", "de", "dc", "me", "md", "nh", "nj", "pa", "ri", "vt"),
    "N.E.": ("il", "in", "ma", "ny", "oh"),
    "N.W.": ("ia", "mi", "mn", "ne", "nd", "sd", "wi"),
    "P.": ("ak", "az", "ca", "co", "hi", "id", "ks", "mt", "nv", "nm", "ok", "or", "ut", "wa", "wy", "gu", "as", "mp"),
    "S.E.": ("ga", "nc", "sc", "va", "wv"),
    "So.": ("al", "fl", "la", "ms"),
    "S.W.": ("ar", "ky", "mo", "tn", "tx"),
}
"""The states of West's regional reporters; the table also lists courts that are only named in them."""

CIRCUITS = ("1st", "2d", "3d", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "11th", "D.C.", "Fed.")
CIRCUIT = re.compile(
    r"^(?:U\.?\s?S\.?\s*)?(?:(\d{1,2})(?:st|nd|rd|th|d)|(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh))\s*Cir", re.I
)
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh")
SHORT_CIRCUIT = re.compile(r"^C\.?\s?A\.?\s?(\d{1,2}|D\.?C\.?|Fed\.?)$", re.I)
DISTRICT = re.compile(r"^(?:C\.\s?C\.\s?)?(?:[NSEWCM]\.?\s?)?D\.\s?(?=[A-Z])")
"""District courts, and the circuit courts that sat beside them until 1911 (C.C.S.D.N.Y.)."""
BANKRUPTCY = re.compile(r"^Bankr\.")
APPEALS = r"ca(?:\d{1,2}|dc|fc)"
PANEL = re.compile(r"B\.?A\.?P\.?")


@dataclass(frozen=True)
class Court:
    """`kind`: supreme, appeals, district, bankruptcy or special of the United States, or state; `state`: its code; `begins`: its first year, where known."""

    name: str
    kind: str
    state: str = ""
    begins: int | None = None


def court(written: str) -> Court | None:
    """The court that a citation's parentheses name; None where neither the table nor its place is recognised."""
    text = " ".join(written.split()).strip(" ,.;")
    text = f"{text}." if written.strip().endswith(".") else text
    if found := _circuit(text):
        return found
    if row := _table().get(_key(text)):
        return _of_row(row)
    if BANKRUPTCY.match(text) or PANEL.search(text):
        return Court(text, "bankruptcy")
    if DISTRICT.match(text):
        return Court(text, "district")
    return _of_state(text)


def is_circuit(written: str) -> bool:
    """Whether a numbered circuit is meant; one that is not found does not exist."""
    return CIRCUIT.match(written.strip()) is not None or SHORT_CIRCUIT.match(written.strip()) is not None


def reported(reporter: str, series: str, kind: str, places: list[str]) -> tuple[str, frozenset[str]]:
    """(which courts a reporter reports: a code for words; the kinds of federal courts and codes of states). An empty set: nothing is known.

    `reporter`, `kind` and `places` are the table's own short name, kind and places.
    """
    if reporter in ("U.S.", "S. Ct.", "L. Ed."):
        return "supreme", frozenset({"supreme"})
    if series in ("F.3d", "F.4th") or reporter == "F. App'x":
        return "appeals", frozenset({"appeals"})
    if reporter == "F.":
        return "federal", frozenset({"appeals", "district", "special", "bankruptcy"})
    if reporter in ("F. Supp.", "F.R.D."):
        return "district", frozenset({"district", "special", "bankruptcy"})
    if reporter in REGIONS:
        return "states", frozenset(REGIONS[reporter])
    if kind in ("specialty_west", "specialty_lexis") or not places:
        return "", frozenset()
    return "states" if kind in ("state", "neutral") else "", frozenset(_place(place) for place in places)


def is_reported(found: Court, by: frozenset[str]) -> bool:
    """Whether a court is among those; what is not told apart counts as being so."""
    if found.kind == "state":
        return not found.state or found.state in by
    return found.kind in by or ("federal" in by and found.kind != "state")


def _place(place: str) -> str:
    """The table writes us;supreme.court, us:c9;court.appeals, us:c9:ca.nd;district.court, us:ca;court.appeals, us:pa.d;circuit.court."""
    where = place.partition(";")[0].split(":")
    second = where[1] if len(where) > 1 else ""
    return second if len(second) == 2 and second in STATES else "federal"


def _circuit(text: str) -> Court | None:
    if PANEL.search(text):
        return None
    number = 0
    if named := CIRCUIT.match(text):
        number = int(named[1]) if named[1] else ORDINALS.index(named[2].lower()) + 1
    elif short := SHORT_CIRCUIT.match(text):
        if not short[1].isdecimal():
            row = _table()["dccir" if short[1].upper().startswith("D") else "fedcir"]
            return _of_row(row)
        number = int(short[1])
    return _of_row(_table()[_key(f"{CIRCUITS[number - 1]} Cir.")]) if 1 <= number <= 11 else None


def _of_state(text: str) -> Court | None:
    """By the state's abbreviation or name that the text begins with, such as Tex. App.—Houston [1st Dist.]."""
    key = _key(text)
    names = [(_key(name), code) for code, pair in STATES.items() for name in pair]
    fitting = [(name, code) for name, code in names if key.startswith(name) and text[:1].isupper()]
    if fitting:
        return Court(text, "state", max(fitting)[1])
    if re.match(
        r"(?:App\.?\s?(?:Div|Ct|Term)|Sup\.?\s?Ct|Ct\.?\s?(?:of\s)?App|Super\.?\s?Ct|\d(?:st|d|nd|rd|th)\s?(?:Dep|Dist)|Fam\.?\s?Ct|Civ\.?\s?Ct|Crim\.?\s?Ct)",
        text,
    ):
        return Court(text, "state")
    return None


@cache
def _table() -> Mapping[str, Any]:
    from courts_db import courts

    rows: dict[str, Any] = {}
    for row in courts:
        if row["citation_string"]:
            rows.setdefault(_key(row["citation_string"]), row)
    supreme = next(row for row in courts if row["id"] == "scotus")
    tax = next(row for row in courts if row["id"] == "tax")
    return rows | {"us": supreme, "ussct": supreme, "ussupct": supreme, "unitedstates": supreme, "tc": tax}


def _of_row(row: Any) -> Court:
    first = min((dates["start"] for dates in row["dates"] if dates["start"]), default="")
    # Of other courts the table often has the year of a statute, not of the court.
    begins = int(str(first)[:4]) if first and re.fullmatch(APPEALS, row["id"]) else None
    name = row["citation_string"] if row["id"] != "scotus" else row["name"]
    if row["system"] != "federal":
        state = next((code for code, (full, _) in STATES.items() if full == row["location"]), "")
        return Court(name, "state", state, begins)
    if row["id"] == "scotus":
        return Court(name, "supreme", begins=begins)
    if re.fullmatch(APPEALS, row["id"]):
        return Court(name, "appeals", begins=begins)
    if row["type"] == "bankruptcy":
        return Court(name, "bankruptcy", begins=begins)
    return Court(name, "district" if DISTRICT.match(name) else "special", begins=begins)


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
