"""Numbers and dates as people and programs write them in cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

Order = Literal["iso", "day_first", "month_first", ""]
Mark = Literal[",", ".", ""]

_NUMBER = re.compile(r"[0-9]+(?:[.,'’ ][0-9]+)*[.,]?|[.,][0-9]+")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-", "\u2013": "-"})
_MONEY = re.compile(r"[€$£¥₹]|\b[A-Z]{3}\b|\b(?:Rs|Fr|kr|zł|лв)\b\.?")
_LONGEST = 40


def number(text: str, mark: Mark = "") -> Decimal | None:
    """A decimal, or None. `mark` is the decimal mark; without it the last of two different marks counts, and a single one is taken as decimal (see `marks`).

    Understood: signs before or after, brackets as minus, a currency sign or code, grouping by space, apostrophe, point or comma.
    """
    text = text.translate(_SPACES).strip()
    if not text or len(text) > _LONGEST:
        return None
    text = _MONEY.sub("", text).strip()
    minus = False
    if text.startswith("(") and text.endswith(")"):
        minus, text = True, text[1:-1].strip()
    if text[:1] in "+-":
        minus, text = minus ^ (text[:1] == "-"), text[1:].strip()
    elif text[-1:] in "+-":
        minus, text = minus ^ (text[-1:] == "-"), text[:-1].strip()
    if not _NUMBER.fullmatch(text):
        return None
    whole, fraction = _parts(text, mark or _last_mark(text))
    if whole is None:
        return None
    value = Decimal(f"{whole or '0'}.{fraction or '0'}" if fraction else whole or "0")
    return -value if minus else value


def _last_mark(text: str) -> str:
    """The decimal mark of one number alone, or nothing where its marks can only be of thousands."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        return "." if text.rindex(".") > text.rindex(",") else ","
    if points + commas == 1:
        return "." if points else ","
    return ""


def _parts(text: str, mark: str) -> tuple[str | None, str]:
    head, found_mark, fraction = text.rpartition(mark) if mark and mark in text else (text, "", "")
    if not fraction.isdigit() and fraction:
        return None, ""
    if found_mark and mark in head:
        return None, ""
    groups = re.split(r"[.,'’ ]", head)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= 3 and all(2 <= len(group) <= 3 for group in groups[1:]) and len(groups[-1]) == 3):
        return None, ""
    return "".join(groups), fraction


def marks(texts: Iterable[str]) -> Mark | None:
    """The decimal mark of a column: "" where no number has a mark, None where the numbers do not tell (1,234 may be either)."""
    doubtful = False
    for text in texts:
        text = _MONEY.sub("", text.translate(_SPACES)).strip(" ()+-")
        if not _NUMBER.fullmatch(text):
            continue
        mark = _last_mark(text)
        if not mark:
            repeated = next((sign for sign in ".," if text.count(sign) > 1), "")
            if repeated:
                return "," if repeated == "." else "."
            continue
        both = "." in text and "," in text
        whole, _, fraction = text.rpartition(mark)
        if both or len(fraction) != 3 or len(whole) > 3 or whole in ("", "0"):
            return "," if mark == "," else "."
        doubtful = True
    return None if doubtful else ""


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PAIR = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2\s?(\d{4}|\d{2})(?:[T ,].*)?")
_NAMED = re.compile(r"(\d{1,2})[-/. ]+([^\W\d_]{3,10})\.?[-/. ,]*(\d{4}|\d{2})")
_NAMED_US = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2}),? (\d{4})")
_MONTHS = (
    ("jan", "ene", "gen", "янв", "яну"),
    ("feb", "fév", "fev", "фев"),
    ("mar", "mär", "mrz", "maa", "мар"),
    ("apr", "avr", "abr", "апр"),
    ("may", "mai", "mei", "mag", "май", "мая"),
    ("jun", "juin", "giu", "юни", "июн"),
    ("jul", "juil", "lug", "юли", "июл"),
    ("aug", "aoû", "aou", "ago", "авг"),
    ("sep", "set", "сеп", "сен"),
    ("oct", "okt", "ott", "окт"),
    ("nov", "ное", "ноя"),
    ("dec", "dez", "déc", "dic", "дек"),
)


def day(text: str, order: Order = "") -> date | None:
    """A date, or None. Year first always reads; 31/01/2024 needs `order`, without which day first is taken (points mean day first in any case).

    Two-digit years are of this century. A time after the date is dropped.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if match := _ISO.fullmatch(text) or _PLAIN.fullmatch(text):
        return _date(match[1], match[2], match[3])
    if match := _PAIR.fullmatch(text):
        first, second = match[1], match[3]
        if order == "month_first" and match[2] != ".":
            first, second = second, first
        return _date(match[4], second, first)
    if match := _NAMED.fullmatch(text):
        return _date(match[3], _month(match[2]), match[1])
    if match := _NAMED_US.fullmatch(text):
        return _date(match[3], _month(match[1]), match[2])
    return None


def _month(name: str) -> str:
    name = name.lower()
    return next((str(at) for at, starts in enumerate(_MONTHS, start=1) if name.startswith(starts)), "0")


def _date(year: str, month: str, day_of_month: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day_of_month))
    except ValueError:
        return None


def order_of(texts: Iterable[str]) -> Order | None:
    """How the dates of a column are written: by a number above 12, else by the one order in which the column runs up or down; None where nothing tells."""
    pairs: list[tuple[int, int, int]] = []
    for text in texts:
        match = _PAIR.fullmatch(text.strip())
        if match and match[2] != ".":
            pairs.append((int(match[4]), int(match[1]), int(match[3])))
    if not pairs:
        return "iso"
    above = (any(first > 12 for _, first, _ in pairs), any(second > 12 for _, _, second in pairs))
    if above == (True, False):
        return "day_first"
    if above == (False, True):
        return "month_first"
    if all(first == second for _, first, second in pairs):
        return "day_first"
    by_day = [(year, second, first) for year, first, second in pairs]
    day_runs, month_runs = _runs(by_day), _runs(pairs)
    if above == (False, False) and len(set(pairs)) > 2 and day_runs != month_runs:
        return "day_first" if day_runs else "month_first"
    return None


def _runs(days: list[tuple[int, int, int]]) -> bool:
    return days in (sorted(days), sorted(days, reverse=True))
