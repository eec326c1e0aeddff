"""Why something may not be, or what was found: a stable code with values, and its English sentence beside the code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(text: str) -> str:
    """Mark `text` for the catalogues; gives it back unchanged."""
    return text


@dataclass(frozen=True)
class Reason:
    """One reason. `values` are plain values (str, int, Decimal, Money, date, aware datetime) that the sentence names in braces."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""
    rule_source: str = ""
    cure: Reason | None = None
    """What would make it go away, as a sentence of its own."""

    @property
    def says(self) -> str:
        """The English sentence of the code, unfilled."""
        return SENTENCES[self.code]


SENTENCES: dict[str, str] = {}
"""English sentence by code, of every `Sentence` in the modules loaded so far."""


class Sentence:
    """A code with its sentence; calling it gives the `Reason`.

    The sentence is a `str.format` template over the names in `values`; its text is wrapped in `N_` where it is declared, so that it is translated.
    """

    def __init__(self, code: str, says: str) -> None:
        if SENTENCES.setdefault(code, says) != says:
            raise ValueError(f"two sentences for {code}")
        self.code = code
        self.says = says

    def __call__(self, *, rule_id: str = "", rule_source: str = "", cure: Reason | None = None, **values: Any) -> Reason:
        return Reason(self.code, values, rule_id, rule_source, cure)
