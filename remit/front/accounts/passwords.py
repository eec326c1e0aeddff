"""What a password is asked to be, said in every language of the pages."""

from __future__ import annotations

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _

LENGTH = 12


class LongEnough(MinimumLengthValidator):
    """Django's own sentence is not translated into all of our languages."""

    def __init__(self) -> None:
        super().__init__(LENGTH)

    def get_error_message(self) -> str:
        return _("Twelve characters or more.")
