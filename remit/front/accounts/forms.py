"""Forms of signing in and of one's own log-in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from remit.apps.organizations.models import User
from remit.apps.organizations.views.forms import Form


class SignInForm(LoginForm):
    """Mail address and password."""

    def user_credentials(self) -> dict[str, Any]:
        """With the name by which axes counts failures."""
        credentials: dict[str, Any] = super().user_credentials()
        return credentials | {"login": self.cleaned_data["login"]}


class Myself(Form):
    """How one is called, and the language of pages and mails."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=gettext_lazy("Language of pages and mails"), choices=settings.LANGUAGES)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if "\x00" in name:
            raise forms.ValidationError(_("This holds a character that is no text."))
        return name


class NewPassword(Form):
    """A password, typed twice."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Twelve characters or more."),
    )
    again = forms.CharField(
        label=gettext_lazy("The same again"), max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *arguments: Any, user: User | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.user = user

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        password = given.get("password")
        if password:
            if password != given.get("again"):
                self.add_error("again", _("The two are not the same."))
            try:
                validate_password(password, self.user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class ChangePassword(NewPassword):
    """The password so far, and the new one."""

    current = forms.CharField(
        label=gettext_lazy("Password so far"), max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("current", "password", "again")


class Address(Form):
    """Whose password is to be set anew."""

    email = forms.EmailField(label=gettext_lazy("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
