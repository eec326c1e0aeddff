"""What is wrong with a password is said in each language of the pages."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from remit.apps.organizations.models import User


def wrong(password: str, language: str) -> list[str]:
    with override(language), pytest.raises(ValidationError) as caught:
        validate_password(password, User(email="lena-brandt@halden.example", name="Lena Brandt"))
    return list(caught.value.messages)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
@pytest.mark.parametrize("password", ["short", "password1234", "lena-brandt@halden.example"])
def test_each_language(password: str, language: str) -> None:
    said = wrong(password, language)
    assert said
    assert not set(said) & set(wrong(password, "en"))


def test_twelve_characters_are_enough() -> None:
    validate_password("kurz und gut", User(email="lena-brandt@halden.example", name="Lena Brandt"))
