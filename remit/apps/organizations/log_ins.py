"""What a log-in is sent: the link by which somebody chooses the first password, the one that sets it anew, and news of what changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core import signing
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from remit.apps.organizations import mail
from remit.apps.organizations.models import Organization, User
from remit.apps.records.context import By

WELCOME_DAYS = 14
_SALT = "remit.welcome"


def invite(by: By, user: User, name: str, organization: Organization) -> None:
    """Write to a new member, within the action that added them. The mail says the same whether or not the address had a log-in, so that nobody learns it."""
    # In the organization's language: that of a log-in which stood before would tell whoever reads the outbox that it did.
    language = organization.language
    with override(language or "en"):
        subject = _("%(organization)s has made you a member on Remit") % {"organization": organization.name}
        opening = _("%(name)s, %(inviter)s has made you a member of %(organization)s on Remit.") % {
            "name": name,
            "inviter": by.name,
            "organization": organization.name,
        }
        how = _("Open this link to choose your password. If you had a log-in here before, it stays as it is: sign in with it.")
        until = _("The link is good for %(days)s days, and for one password.") % {"days": WELCOME_DAYS}
    body = "\n\n".join((opening, how, mail.SECRET, until))
    mail.write_account(
        "member", by=by, to_email=user.email, to_name=name, language=language, subject=subject, body=body, secret=mail.address(welcome_path(user))
    )


def welcome_path(user: User) -> str:
    """The address of the page at which a log-in without password gets its first one."""
    return f"/welcome/{signing.dumps(str(user.pk), salt=_SALT, compress=False)}/"


def welcomed(token: str) -> UUID | None:
    """Whose link it is; None for one that is none or is over (by the real clock)."""
    try:
        return UUID(signing.loads(token, salt=_SALT, max_age=WELCOME_DAYS * 24 * 3600))
    except (signing.BadSignature, ValueError):
        return None


def choose_first_password(key: UUID, password: str) -> bool:
    """Whether this was the first password of the log-in, and now is set. Both ways take equally long."""
    hashed = make_password(password)
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=key, is_active=True).first()
        if user is None or user.has_usable_password():
            return False
        user.password = hashed
        user.save(update_fields=["password"])
    return True


def send_reset(user: User, path: str) -> None:
    """The link that sets a password anew; of two sent only the last one opened counts, and after one password none."""
    with override(user.language or "en"):
        subject = _("Your password on Remit")
        body = "\n\n".join(
            (
                _("%(name)s, somebody asked for a new password for this mail address. If it was you, open this link:") % {"name": user.name},
                mail.SECRET,
                _("The link is good for one day, and for one password. If it was not you, do nothing: your password stays."),
            )
        )
    try:
        mail.write_account("reset", to_email=user.email, to_name=user.name, language=user.language, subject=subject, body=body, secret=mail.address(path))
    except mail.NoOrganization:
        return


def send_news(user: User, news: str | Promise, facts: dict[str, Any]) -> None:
    """That something about the log-in changed, so that its holder notices what was not their own doing."""
    with override(user.language or "en"):
        subject = _("Your log-in on Remit: %(news)s") % {"news": news}
        body = "\n\n".join(
            (
                _("%(name)s, this changed for your log-in: %(news)s.") % {"name": user.name, "news": news},
                _("Address: %(address)s. Device: %(agent)s.") % facts,
                _("If it was not you, set a new password at once, and look at the devices on your account page."),
            )
        )
    try:
        mail.write_account("notice", to_email=user.email, to_name=user.name, language=user.language, subject=subject, body=body, secret="")
    except mail.NoOrganization:
        return
