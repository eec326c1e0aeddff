"""What whoever signs proves anew: a second factor or, where the organization lets it do, the password; and how that is asked at each door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from remit.apps.organizations.models import Organization, SecurityEvent, User
from remit.apps.records.context import By, Factor
from remit.domain.reasons import N_, Reason, Sentence

FRESH_MIN = 15
MOST_WRONG, WRONG_WITHIN_MIN = 5, 5

NEEDED = Sentence("factor.needed", N_("This needs your second factor, proven within the last {minutes} minutes."))
PASSWORD_NEEDED = Sentence("factor.password_needed", N_("This needs your password or second factor, proven within the last {minutes} minutes."))
WRONG = Sentence("factor.wrong", N_("This is not the code that your authenticator app shows now, or it was used before."))
TOO_MANY = Sentence("factor.too_many", N_("Too many wrong codes. In {minutes} minutes you may try again."))
SET_UP = Sentence("factor.set_up", N_("Set one up at /account/: an authenticator app or a passkey. It takes two minutes."))
SET_UP_APP = Sentence(
    "factor.set_up_app", N_("Set up an authenticator app at /account/; then send the code that it shows: header X-Remit-Code, or option --code.")
)
HAND_OVER = Sentence("factor.hand_over", N_("Send the code that your authenticator app shows: header X-Remit-Code, or option --code."))
CONFIRM = Sentence("factor.confirm", N_("Confirm on the page that it is you, then do it again."))

PROVEN = {
    how: Sentence(f"came.{how}", says)
    for how, says in (
        ("totp", N_("Proven by the code of an authenticator app at {proven_at}.")),
        ("passkey", N_("Proven by a passkey at {proven_at}.")),
        ("recovery_code", N_("Proven by a recovery code at {proven_at}.")),
        ("password", N_("Proven by the password alone at {proven_at}.")),
        ("oidc", N_("Proven by signing in at the organization's own provider at {proven_at}.")),
    )
}
"""How the record says it."""


def proven(by: By) -> By | Reason:
    """The actor with how they proved themselves, or the reason why that does not do. Called in the action's transaction, which a code given is used up in.

    Whoever has set up a second factor proves that one, also where the organization asks for less. A guest's one-time code was asked at the link.
    """
    if by.link is not None:
        return by
    factor: Factor | Reason | None = by_code(by.user, by.code, by.door) if by.code else by.factor
    if isinstance(factor, Reason):
        return factor
    if factor is None or not is_fresh(factor):
        factor = None
    lack = _lacks(by, factor)
    if lack is not None:
        return lack
    return by if factor is None else replace(by, factor=factor, came=(*by.came, PROVEN[factor.how](proven_at=factor.at.replace(microsecond=0))))


def spend(by: By) -> None:
    """The code that came with a refusal counts as used, and a wrong one as a try. Called where the refusal is kept, for all else was undone."""
    if by.user is not None:
        by_code(by.user, by.code, by.door)


def lacks(by: By) -> Reason | None:
    """What is still to be proven before signing; asked by a page before it sends, in a read transaction."""
    return None if by.link is not None else _lacks(by, by.factor if by.factor and is_fresh(by.factor) else None)


def _lacks(by: By, factor: Factor | None) -> Reason | None:
    level = Organization.objects.values_list("sign_factor", flat=True).get(pk=by.organization)
    if level == "none" or (factor and factor.is_second):
        return None
    has_second = holds_second(by.user)
    if level == "password" and not has_second:
        if factor is not None:
            return None
        return PASSWORD_NEEDED(minutes=FRESH_MIN, cure=CONFIRM() if by.door == "page" else SET_UP_APP())
    if by.door == "page":
        return NEEDED(minutes=FRESH_MIN, cure=CONFIRM() if has_second else SET_UP())
    # A passkey answers a page alone.
    return NEEDED(minutes=FRESH_MIN, cure=HAND_OVER() if _app(by.user) else SET_UP_APP())


def is_fresh(factor: Factor) -> bool:
    """Proven within the quarter of an hour, by the real clock."""
    return datetime.now(UTC) - factor.at <= timedelta(minutes=FRESH_MIN)


def holds_second(user: UUID | None) -> bool:
    """Whether a log-in has a second factor to prove."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user_id=user, type__in=("totp", "webauthn")).exists()


def _app(user: UUID | None) -> Any:
    """A log-in's authenticator app, if it has one."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user_id=user, type="totp").first()


def latest(records: Iterable[Mapping[str, Any]]) -> Factor | None:
    """By what a session was proven, from what allauth keeps of it: the newest second factor while that is fresh, else the newest of all."""
    found = [factor for record in records if (factor := _of_record(record))]
    second = [factor for factor in found if factor.is_second and is_fresh(factor)]
    return max(second or found, key=lambda factor: factor.at, default=None)


def _of_record(record: Mapping[str, Any]) -> Factor | None:
    kinds = {"totp": "totp", "webauthn": "passkey", "recovery_codes": "recovery_code"}
    methods = {"password": "password", "socialaccount": "oidc"}
    method = record.get("method", "")
    how = kinds.get(record.get("type", "")) if method == "mfa" else methods.get(method)
    return Factor(how, datetime.fromtimestamp(float(record["at"]), UTC)) if how else None


def by_code(user: UUID | None, code: str, door: str) -> Factor | Reason:
    """What the code of an authenticator app proves, within a transaction. Each counts once, and after a few wrong ones none is looked at for some minutes."""
    now = datetime.now(UTC)
    # Tries of one log-in stand in a row, so that many at once are not looked at before the first is counted.
    if user is None or not User.objects.select_for_update().filter(pk=user).exists():
        return NEEDED(minutes=FRESH_MIN, cure=SET_UP_APP())
    held = _app(user)
    if held is None:
        return NEEDED(minutes=FRESH_MIN, cure=SET_UP_APP())
    wrong = SecurityEvent.objects.filter(user_id=user, kind="code_failed", at__gt=now - timedelta(minutes=WRONG_WITHIN_MIN))
    if wrong.count() >= MOST_WRONG:
        return TOO_MANY(minutes=WRONG_WITHIN_MIN)
    if not held.wrap().validate_code(code):
        SecurityEvent.objects.create(user_id=user, kind="code_failed", detail=door, at=now)
        return WRONG(cure=HAND_OVER())
    held.record_usage()
    return Factor("totp", now)
