"""How people's facts are shown: proof states by sign and word, the nearest end, what is known in short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from remit.apps.people.models import Credential, Person
from remit.domain.gate import Proof
from remit.formats.pictures import Held, qualification_line
from remit.formats.pictures.qualifications import State
from remit.formats.words import Words
from remit.lines import lines


@dataclass(frozen=True)
class Look:
    """A proof state as it is drawn: the class of its chip, its icon and its word."""

    chip: str
    icon: str
    word: Any


PROOFS = {
    Proof.SELF_DECLARED: Look("", "circle-dashed", pgettext_lazy("proof", "self-declared")),
    Proof.PENDING: Look("warn", "hourglass", pgettext_lazy("proof", "being verified")),
    Proof.VERIFIED: Look("ok", "rosette-discount-check", pgettext_lazy("proof", "verified")),
    Proof.EXPIRING: Look("warn", "calendar-x", pgettext_lazy("proof", "verified, runs out")),
    Proof.LAPSED: Look("bad", "calendar-x", pgettext_lazy("proof", "lapsed")),
    Proof.NOT_YET: Look("", "calendar-plus", pgettext_lazy("proof", "not yet in force")),
    Proof.FAILED: Look("bad", "shield-x", pgettext_lazy("proof", "did not verify")),
}
LOOKS = {
    "verified": PROOFS[Proof.VERIFIED].word,
    "pending": PROOFS[Proof.PENDING].word,
    "failed": PROOFS[Proof.FAILED].word,
}
"""What a single look at a credential found."""
LEVELS = {
    1: gettext_lazy("clerk"),
    2: gettext_lazy("associate"),
    3: gettext_lazy("senior"),
    4: gettext_lazy("manager"),
    5: gettext_lazy("principal"),
}


@dataclass(frozen=True)
class Shown:
    """A credential with its proof state on a day; `ends_on`: when it lapses or must be looked at again, whichever is first."""

    row: Credential
    proof: Proof
    look: Look
    ends_on: date | None
    looked_at: datetime | None


def credential(row: Credential, holder: str, at: datetime) -> Shown:
    """One credential as it stands at an instant; reads what `for_facts` loaded."""
    on = at.date()
    proof, relied = row.facts(holder).proof(at, on)
    ends = [day for day in (row.valid_until, relied.due_on if relied else None) if day is not None]
    return Shown(row, proof, PROOFS[proof], min(ends) if ends else None, relied.at if relied else None)


def credentials(person: Person, at: datetime) -> list[Shown]:
    """A person's credentials, those that run out first."""
    found = (credential(row, str(person.id), at) for row in person.credentials.all())
    return sorted(found, key=lambda shown: (shown.proof is not Proof.EXPIRING, shown.ends_on or date.max, shown.row.kind))


def service_words(codes: Iterable[str]) -> list[str]:
    """Services by their words."""
    known = lines()
    return [known[code].says if code in known else code for code in codes]


def urgency(shown: Iterable[Shown]) -> tuple[int, date]:
    """Orders people: first whose credential runs out, by the day; then whose lapsed or failed; then the rest."""
    expiring = [each.ends_on for each in shown if each.proof is Proof.EXPIRING and each.ends_on]
    if expiring:
        return 0, min(expiring)
    if any(each.proof in (Proof.LAPSED, Proof.FAILED) for each in shown):
        return 1, date.max
    return 2, date.max


def timeline(who: Person, shown: Iterable[Shown], at: datetime) -> str:
    """Credentials with their proof, degrees, training and work in a field through time; empty where nothing is dated."""
    today, words = at.date(), Words(get_language() or "en")
    states: dict[str, State] = {"ok": "ok", "bad": "bad"}
    found = [
        Held(f"{each.row.kind} ({each.row.jurisdiction})", each.row.valid_from, each.row.valid_until, states.get(each.look.chip, "warn")) for each in shown
    ]
    found += [Held(f"{each.title}, {each.field}", date(each.year, 1, 1), is_point=True) for each in who.degrees.all()]
    for training in who.trainings.all():
        over = training.valid_until is not None and training.valid_until <= today
        name = " ".join(filter(None, (training.code, training.version)))
        found.append(Held(name, training.valid_from, training.valid_until, "bad" if over else "ok"))
    found += [Held(words.text(service_words([each.service])[0]), each.since, each.until) for each in who.experiences.all()]
    found.sort(key=lambda each: (each.since, each.what))
    return qualification_line(found, today, words, name=who.name, key="qualifications") if found else ""
