"""What the contract tests share: every line found, and its examples played once."""

from __future__ import annotations

from functools import cache

import pytest

from remit.domain.line import ServiceLine
from remit.lines import examples, lines
from remit.lines.examples import Example, Played

LINES = sorted(lines())
DELIVERED = [code for code in LINES if lines()[code].steps]
"""Lines that can be delivered; the others can be assessed and briefed only."""
CASES = [(code, name) for code in DELIVERED for name in examples.names(code)]


@cache
def played(code: str, name: str) -> Played:
    """The example, from files to findings."""
    return examples.play(code, name)


@cache
def loaded(code: str, name: str) -> Example:
    """The example as its folder tells it."""
    return examples.load(code, name)


@pytest.fixture(params=LINES)
def line(request: pytest.FixtureRequest) -> ServiceLine:
    """Every line."""
    return lines()[request.param]


@pytest.fixture(params=DELIVERED)
def delivered(request: pytest.FixtureRequest) -> ServiceLine:
    """Every line that can be delivered."""
    return lines()[request.param]


@pytest.fixture(params=CASES, ids="/".join)
def case(request: pytest.FixtureRequest) -> tuple[ServiceLine, Example, Played]:
    """Every example of every line, played."""
    code, name = request.param
    return lines()[code], loaded(code, name), played(code, name)
