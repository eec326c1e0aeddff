"""What can go wrong between the two sides of an engagement: complaints, disputes and incidents, by the words of the trade."""

from __future__ import annotations

from collections.abc import Mapping

from remit.domain.reasons import N_

KINDS: Mapping[str, str] = {
    "complaint": N_("complaint"),
    "dispute": N_("dispute"),
    "incident": N_("incident"),
}
CATEGORIES: Mapping[str, Mapping[str, str]] = {
    "complaint": {
        "quality": N_("quality of the work"),
        "time": N_("lateness"),
        "conduct": N_("conduct, communication"),
        "people": N_("a person on the work"),
        "other": N_("something else"),
    },
    "dispute": {
        "quantity": N_("quantity charged"),
        "price": N_("price charged"),
        "scope": N_("outside of what was agreed"),
        "quality": N_("quality of the work"),
        "other": N_("something else"),
    },
    "incident": {
        "personal_data": N_("personal data"),
        "confidential": N_("confidential papers"),
        "system": N_("systems, access"),
        "deadline": N_("a missed date by law"),
        "filed_error": N_("an error in filed papers"),
        "other": N_("something else"),
    },
}
SEVERITIES: Mapping[str, str] = {"high": N_("high"), "medium": N_("medium"), "low": N_("low")}
STEPS: Mapping[str, str] = {
    "answered": N_("answered"),
    "not_settled": N_("not settled by the answer"),
    "settled": N_("settled"),
    "upheld": N_("upheld"),
    "agreed": N_("agreed otherwise"),
    "withdrawn": N_("withdrawn"),
    "notified": N_("notice sent"),
    "not_owed": N_("notice not owed"),
    "closed": N_("closed, with its cause"),
}
ENDS: Mapping[str, frozenset[str]] = {
    "complaint": frozenset({"settled", "withdrawn"}),
    "dispute": frozenset({"upheld", "agreed", "withdrawn"}),
    "incident": frozenset({"closed"}),
}
"""Steps after which nothing more is due."""
ANSWER_WORKDAYS = 5
"""Working days of the client's first entity in which the other side answers, where the agreement says nothing else."""


def is_over(kind: str, steps: list[str]) -> bool:
    """Whether the last word was said."""
    return any(step in ENDS[kind] for step in steps)


def waits_for_answer(kind: str, steps: list[str]) -> bool:
    """Whether the other side's answer is due: never given, or not settled by it."""
    if kind == "incident" or is_over(kind, steps):
        return False
    spoken = [step for step in steps if step in ("answered", "not_settled")]
    return not spoken or spoken[-1] == "not_settled"
