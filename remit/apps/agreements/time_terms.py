"""What an agreement says about time: whether it is billed, in which steps, and what of it the client sees."""

from __future__ import annotations

from remit.apps.agreements.models import Agreement
from remit.domain.reasons import N_
from remit.domain.timekeeping import Shown, TimeTerms
from remit.formats.words import Words

SHOWN: dict[Shown, str] = {"entries": N_("each entry"), "totals": N_("totals by level"), "none": N_("nothing")}
BILLED = N_("by the hour, each entry up to the next {step} min; the client sees: {shown}")
TO_THE_MINUTE = N_("by the hour, to the minute; the client sees: {shown}")
NOT_BILLED = N_("not billed by the hour; the client sees: {shown}")


def time_terms(agreement: Agreement) -> TimeTerms:
    """As settled, else as its card says; one query unless its lines were fetched."""
    return TimeTerms.of(agreement.time, {line.basis for line in agreement.lines.all()})


def settle(draft: Agreement, billed: bool | None, step_min: int | None, shown: Shown | None) -> None:
    """Change what was given of it; not stored here."""
    given = {"billed": billed, "step_min": step_min, "shown": shown}
    draft.time = draft.time | {name: value for name, value in given.items() if value is not None}


def says(agreement: Agreement, words: Words) -> str:
    """In one sentence, for the signed paper and the page."""
    terms = time_terms(agreement)
    sentence = (TO_THE_MINUTE if terms.step_min == 1 else BILLED) if terms.billed else NOT_BILLED
    return words.text(sentence, step=terms.step_min, shown=words.text(SHOWN[terms.shown]))
