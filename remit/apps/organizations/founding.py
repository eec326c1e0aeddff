"""How an organization comes to be: its tenant, its own log, its first member with every role that member needs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from threading import Event
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DatabaseError, IntegrityError, transaction

from remit.apps.organizations.acting import BadInput, decide, own_audience
from remit.apps.organizations.models import FirstCode, Grant, Membership, Organization, Site, User
from remit.apps.records import clock
from remit.apps.records.context import By, writing
from remit.apps.records.keys import ALPHABET, reference, uuid7
from remit.apps.records.models import Tenant
from remit.domain.reasons import N_, Sentence

CODE_WRONG = Sentence("first.code", N_("This is not the one-time code that was printed, or it was used."))
PASSWORD = Sentence("user.password", N_("This password is too easy to guess: {problem}"))
MAIL = Sentence("user.mail", N_("{mail} is no mail address."))
MAIL_TAKEN = Sentence("user.mail_taken", N_("This mail address already has a log-in. Sign in with it."))

OFFICE_WEEK = [[[540, 1080]]] * 5 + [[], []]
FOUNDER_ROLES = ("administrator", "signatory", "approver", "manager", "requester", "biller")
_BEGUN = Event()
"""Set once this process has seen that there is a user: one will always be there from then on."""


def is_awaited() -> bool:
    """Whether this installation still waits for its first organization. Asked of the database until it has come, then never again; no where that is silent."""
    if not _BEGUN.is_set():
        try:
            if User.objects.exists():
                _BEGUN.set()
        except DatabaseError:
            return False
    return not _BEGUN.is_set()


def first_code() -> str | None:
    """A new printed code for the first administrator, in place of any earlier one; None once there is a user."""
    if User.objects.exists():
        return None
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    FirstCode.objects.all().delete()
    FirstCode.objects.create(code_hash=_hashed(code), created_at=clock.now())
    return code


def found_by_code(*, code: str, at: datetime, email: str, password: str, person_name: str, zone: str = "", **organization: Any) -> tuple[User, Organization]:
    """The empty installation's first organization and administrator, and with `zone` its first site (Monday to Friday, 09:00 to 18:00).

    The code works once. Raises BadInput.
    """
    by = By(organization=uuid7(), door="page", user=uuid7(), membership=uuid7(), name=person_name)
    with writing(by, at):
        used = FirstCode.objects.filter(code_hash=_hashed(code.strip().upper()), used_at=None).update(used_at=at)
        if not used:
            raise BadInput(code=CODE_WRONG())
        user = new_user(email, password, person_name, key=by.user)
        made = found(by, at, user=user, roles=FOUNDER_ROLES, **organization)
        if zone:
            place = zone.rpartition("/")[2].replace("_", " ")
            site = Site.objects.create(organization=made, name=place, country=made.country, zone=zone, hours=OFFICE_WEEK)
            decide(by, at, "site.added", site, audiences=[own_audience(by, at)])
    return user, made


def new_user(email: str, password: str | None, name: str, key: UUID | None = None) -> User:
    """A log-in; without password it cannot be used until one is set. Raises BadInput for what is wrong with either."""
    checked_login(email, password, name)
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name, id=key or uuid7())
    except IntegrityError as taken:
        raise BadInput(email=MAIL_TAKEN()) from taken


def checked_login(email: str, password: str | None, name: str) -> None:
    """That mail address and password have the right form. Raises BadInput."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise BadInput(email=MAIL(mail=email)) from error
    if password is not None:
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            raise BadInput(password=PASSWORD(problem=" ".join(error.messages))) from error


def found(
    by: By,
    at: datetime,
    *,
    name: str,
    kinds: Iterable[str],
    country: str,
    currency: str,
    user: User | None = None,
    roles: Iterable[str] = FOUNDER_ROLES,
    **details: object,
) -> Organization:
    """The organization whose key is `by.organization`, inside a transaction in its own name; its first member is `by.membership`."""
    if settings.DEMO:
        # Its people come in by a click and have nothing to prove themselves by.
        details = {"sign_factor": "none"} | details
    tenant = Tenant.objects.create(id=by.organization, created_at=at)
    made = Organization.objects.create(tenant=tenant, reference=reference("OR"), name=name, kinds=list(kinds), country=country, currency=currency, **details)
    audience = own_audience(by, at)
    if user is not None:
        member = Membership.objects.create(id=by.membership or uuid7(), organization=made, user=user, name=user.name, since=at)
        Grant.objects.bulk_create(Grant(organization=made, membership=member, role=role, since=at, granted_by=user.id) for role in roles)
    decide(by, at, "organization.founded", made, audiences=[audience])
    return made


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
