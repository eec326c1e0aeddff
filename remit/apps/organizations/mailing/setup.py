"""Which mail servers this installation has, as the settings name them."""

from __future__ import annotations

from django.conf import settings

from remit.formats.mail.servers import AUTHSERV, FROM, MAILBOX, URL, MailSettings, mail_settings


def current() -> MailSettings:
    """What is set. Raises NotMailSettings; a server that was started has read them once already."""
    return mail_settings({URL: settings.MAIL_URL, FROM: settings.MAIL_FROM, MAILBOX: settings.MAILBOX_URL, AUTHSERV: settings.MAIL_AUTHSERV})
