"""Reviewing a part instead of all: how many are drawn, which ones, how many may be wrong, and what that says of the whole.

Size: W. G. Cochran, Sampling Techniques, 3rd edition (1977), 4.4: n0 = z² p (1 - p) / e², with the correction for a finite population n0 / (1 + (n0 - 1) / N).
Interval: exact, from the hypergeometric distribution (E. L. Crow, 1958; the finite counterpart of Clopper and Pearson, 1934).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, comb
from statistics import NormalDist

from remit.domain.reasons import N_

DONE, ASIDE = "done", "aside"
STRATA = {DONE: N_("What was done"), ASIDE: N_("What was set aside")}
"""What went into the deliverable, and what a rule or a person left out of it: an error hides in either."""
THIN = 5
"""Below so many looked at, nothing is concluded for the whole."""
SOURCE = "Cochran, Sampling Techniques (1977), 4.4"


@dataclass(frozen=True)
class Terms:
    """What a sample is to show, as shares of one: with `confidence` the share of errors lies within `margin` of what is found, where about `expected` is.

    `limit`: the share of the sample that may be wrong.
    """

    confidence: Decimal
    margin: Decimal
    expected: Decimal
    limit: Decimal


def sample_size(population: int, terms: Terms) -> int:
    """How many of a population; all of a small one, at least one of any."""
    if population <= 0:
        return 0
    z = NormalDist().inv_cdf((1 + float(terms.confidence)) / 2)
    share = float(terms.expected)
    infinite = z * z * share * (1 - share) / float(terms.margin) ** 2
    return max(1, min(population, ceil(infinite / (1 + (infinite - 1) / population) - 1e-9)))


def most_wrong(size: int, terms: Terms) -> int:
    """How many of a sample may be wrong."""
    return int(size * terms.limit)


def seed_of(manifest_sha256: str, fixed: str) -> str:
    """The seed of one draw: from the bytes that are reviewed and what was fixed before they were made, so that nobody chooses it."""
    return hashlib.sha256(f"{manifest_sha256}\n{fixed}".encode()).hexdigest()


def draw(keys: Iterable[str], size: int, seed: str) -> tuple[str, ...]:
    """`size` of the keys, none twice, in their own order; the same for the same seed, whatever order they come in. A larger size holds the smaller."""
    known = list(dict.fromkeys(keys))
    ranked = sorted(known, key=lambda key: hashlib.sha256(f"{seed}\n{key}".encode()).digest())
    drawn = set(ranked[: max(0, size)])
    return tuple(key for key in known if key in drawn)


@dataclass(frozen=True)
class Drawn:
    """A sample of one stratum: out of `population`, these."""

    stratum: str
    population: int
    keys: tuple[str, ...]
    limit: int

    @property
    def size(self) -> int:
        """How many were drawn."""
        return len(self.keys)


def drawn(strata: Sequence[tuple[str, Sequence[str]]], terms: Terms, seed: str) -> tuple[Drawn, ...]:
    """A sample of each stratum that holds anything; what was set aside has its own size and limit."""
    found = []
    for stratum, keys in strata:
        population = len(dict.fromkeys(keys))
        size = sample_size(population, terms)
        if size:
            found.append(Drawn(stratum, population, draw(keys, size, f"{seed}\n{stratum}"), most_wrong(size, terms)))
    return tuple(found)


@dataclass(frozen=True)
class Result:
    """What was found in a sample. `low` and `high` bound how many of the whole population are wrong, both included."""

    drawn: Drawn
    looked: int
    wrong: int
    low: int
    high: int

    @property
    def is_complete(self) -> bool:
        """Everything drawn was looked at."""
        return self.looked == self.drawn.size

    @property
    def fails(self) -> bool:
        """More is wrong than may be."""
        return self.wrong > self.drawn.limit

    @property
    def is_thin(self) -> bool:
        """Too little was looked at to conclude from; a whole population is never too little."""
        return self.looked < THIN and self.looked < self.drawn.population

    @property
    def share(self) -> Decimal | None:
        """Wrong of what was looked at."""
        return None if self.looked == 0 else Decimal(self.wrong) / self.looked


def result(of: Drawn, right: int, wrong: int, confidence: Decimal) -> Result:
    """From how many were right and wrong so far."""
    low, high = interval(wrong, right + wrong, of.population, confidence)
    return Result(of, right + wrong, wrong, low, high)


def interval(wrong: int, looked: int, population: int, confidence: Decimal) -> tuple[int, int]:
    """How many of the population are wrong, at least and at most, each bound missed with half of what the confidence leaves."""
    if looked <= 0:
        return 0, population
    tail = (1 - Fraction(confidence)) / 2
    low, high = wrong, population - (looked - wrong)
    least = _first(low, high, lambda k: 1 - _at_most(wrong - 1, k, looked, population) > tail)
    most = _last(low, high, lambda k: _at_most(wrong, k, looked, population) > tail)
    return least, most


def _at_most(found: int, wrong: int, looked: int, population: int) -> Fraction:
    """The chance to find so many or fewer where `wrong` of the population are."""
    if found < 0:
        return Fraction(0)
    ways = sum(comb(wrong, each) * comb(population - wrong, looked - each) for each in range(min(found, looked, wrong) + 1))
    return Fraction(ways, comb(population, looked))


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
