"""Reasons read back from the record, so that they can be said in the language of whoever reads now."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from remit.domain.line import Place
from remit.domain.money import Money
from remit.domain.reasons import SENTENCES, Reason
from remit.domain.record.decision import StatedReason
from remit.lines import lines

FORMS: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), date.fromisoformat),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?[+-]\d{2}:\d{2}"), datetime.fromisoformat),
    (re.compile(r"-?\d{1,30}\.\d{1,15}"), Decimal),
    (re.compile(r"-?\d{1,30}(\.\d{1,15})? [A-Z]{3}"), lambda text: Money(Decimal(text[:-4]), text[-3:])),
)
"""Texts whose form alone says what they are. A whole number may as well be an account, so it stays text."""
STEP = re.compile(r"(line|page|sheet|cell|field) (.+)")


@dataclass(frozen=True)
class Recorded(Reason):
    """A reason read back. A code that this version has no sentence for is said as it was written down."""

    written: str = ""

    @property
    def says(self) -> str:
        """The sentence by its code, ours or a service line's, to be said in any language; else the English one that was recorded."""
        return SENTENCES.get(self.code) or _of_lines().get(self.code) or self.written.replace("{", "{{").replace("}", "}}")


def recorded(stated: StatedReason) -> Recorded:
    """A stated reason as one that pages can say."""
    cure = recorded(stated.cure) if stated.cure else None
    return Recorded(stated.code, _values(stated.values), stated.rule_id, stated.rule_source, cure, stated.says)


def _values(texts: Mapping[str, str]) -> dict[str, Any]:
    """Values by name; what stands under dotted names is a reason within this one."""
    values = {name: _value(name, text) for name, text in texts.items() if "." not in name}
    for name in values:
        if f"{name}.code" in texts:
            inner = {each.removeprefix(f"{name}."): text for each, text in texts.items() if each.startswith(f"{name}.")}
            values[name] = Recorded(inner.pop("code"), _values(inner), written=texts[name])
    return values


def _value(name: str, text: str) -> Any:
    if name == "place":
        return _place(text)
    for form, read in FORMS:
        if form.fullmatch(text):
            try:
                return read(text)
            except ValueError:
                break
    return text


def _place(text: str) -> Any:
    """Such as "ledger, line 12, field amount"."""
    of, path = "", []
    for number, part in enumerate(text.split(", ")):
        if step := STEP.fullmatch(part):
            path.append((step[1], step[2]))
        elif number == 0:
            of = part
        else:
            return text
    return Place(of, tuple(path))


@cache
def _of_lines() -> Mapping[str, str]:
    """What the rules of all service lines say, by code."""
    return {rule.code: rule.says for line in lines().values() for rule in line.rules}
