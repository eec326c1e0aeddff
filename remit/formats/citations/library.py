"""eyecite, imported when it is first needed: the citations that it finds in a text, as plain values."""

from __future__ import annotations

import importlib.util
import logging
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from remit.formats.citations.values import Edition

MARKS_UP = "fast_diff_match_patch"


@dataclass(frozen=True)
class Token:
    """A citation where it stands in the text (half-open), without what follows; `name`: the parties that it found before it; `opens`: where they begin."""

    kind: str
    start: int
    end: int
    groups: Mapping[str, str]
    editions: tuple[Edition, ...] = ()
    name: str = ""
    opens: int = 0


def tokens(text: str) -> list[Token]:
    """In the order of the text; a text of more than one citation mixes up years and names, so ask for one citation sentence at a time."""
    # It raises for an empty text and jokes about its own name.
    found = [token for citation in _finder()(f"{text} ") if (token := _token(citation)) is not None]
    return sorted(found, key=lambda token: (token.start, -token.end))


@cache
def _finder() -> Any:
    # Its markup of texts, which nothing here calls, needs a package that has no wheel from Python 3.13 on; an empty one lets the rest be imported.
    if importlib.util.find_spec(MARKS_UP) is None:
        sys.modules.setdefault(MARKS_UP, ModuleType(MARKS_UP))
    from eyecite import get_citations

    # It reports overlaps that it has solved itself.
    logging.getLogger("eyecite").setLevel(logging.ERROR)
    return get_citations


def _token(citation: Any) -> Token | None:
    from eyecite import models

    kinds = (
        (models.FullCaseCitation, "case"),
        (models.ShortCaseCitation, "short"),
        (models.FullLawCitation, "law"),
        (models.FullJournalCitation, "journal"),
        (models.IdCitation, "id"),
        (models.SupraCitation, "supra"),
    )
    kind = next((kind for of, kind in kinds if type(citation) is of), "")
    if not kind:
        return None
    start, end = citation.span()
    groups = {name: value for name, value in citation.groups.items() if isinstance(value, str)}
    said = citation.metadata
    parties = [getattr(said, part, None) for part in ("plaintiff", "defendant")]
    name = " v. ".join(part for part in parties if part) or (getattr(said, "antecedent_guess", None) or "")
    editions = tuple(_editions(getattr(citation, "all_editions", ())))
    return Token(kind, start, end, groups, editions, name, min(start, citation.full_span()[0]))


def _editions(editions: Any) -> Iterator[Edition]:
    seen = set()
    for edition in editions:
        reporter = edition.reporter
        key = (reporter.short_name, edition.short_name, reporter.cite_type)
        if key in seen:
            continue
        seen.add(key)
        begins, ends = edition.start, edition.end
        yield Edition(
            reporter=reporter.short_name,
            series=edition.short_name,
            kind=reporter.cite_type,
            places=_places(reporter.short_name, edition.short_name),
            begins=begins.year if begins and begins.year > 1750 else None,
            ends=ends.year if ends else None,
        )


def _places(reporter: str, series: str) -> tuple[str, ...]:
    from reporters_db import REPORTERS

    rows = [row for row in REPORTERS.get(reporter, ()) if series in row["editions"]]
    return tuple(place for row in rows for place in row.get("mlz_jurisdiction", ()))
