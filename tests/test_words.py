"""The interface in each language: every sentence marked, gathered and translated; none left unmarked in a template."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import override

from remit.formats.words import Words
from remit.front.installation import catalogues, extraction

HOUSE = extraction.HOUSE
TEMPLATES = sorted(HOUSE.rglob("templates/**/*.html"))
CASES = [(folder, locale, language) for folder, locale in extraction.catalogues().items() for language in extraction.LANGUAGES]


def test_the_languages_of_the_settings_are_those_of_the_catalogues() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {"en", *extraction.LANGUAGES}


@pytest.mark.parametrize(("folder", "locale", "language"), CASES, ids=lambda value: value.name if isinstance(value, Path) else value)
def test_every_sentence_is_translated(folder: Path, locale: Path, language: str) -> None:
    with (locale / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = {(message.id, message.context or ""): message for message in read_po(file, locale=language) if message.id}
    wanted = {(sentence, context): place for place, sentence, context in extraction.messages(folder)}
    absent = [f"{place}: {sentence}" for (sentence, context), place in wanted.items() if (sentence, context) not in catalogue]
    assert not absent, "run: python -m remit.front.installation.extraction"
    for key, message in catalogue.items():
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        assert key in wanted, f"gone from the code: {key}"
        assert all(said), f"without translation: {key}"
        assert not message.fuzzy, key


def test_nothing_is_marked_within_an_f_string() -> None:
    """There the extraction does not see it, and it would stay English."""
    marked = re.compile(r"""\bf(['"]).*?\{[^{}]*\b(?:_|N_|gettext|gettext_lazy)\(\s*['"]""")
    files = [path for path in HOUSE.rglob("*.py") if not path.name.startswith("test_")]
    assert not [f"{path}:{number}" for path in files for number, line in enumerate(path.read_text().splitlines(), 1) if marked.search(line)]


def test_translations_name_the_same_values() -> None:
    assert not [fault for source in catalogues.sources() for fault in catalogues.faults(source)]


class Unmarked(HTMLParser):
    """Words of a template that no translation would reach: text, and what screen readers say. Code and keys are no words."""

    SAID = ("aria-label", "title", "placeholder", "alt")
    NO_WORDS = ("code", "kbd", "pre", "script", "style", "bdi")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.NO_WORDS:
            self.inside.append(tag)
        self.found += [value for name, value in attrs if name in self.SAID and value and has_words(value)]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside and has_words(data):
            self.found.append(data.strip())


NAMES = {
    "Remit",
    "API",
    "EUR",
    "Europe/Berlin",
    "manifest.json",
    "Ctrl K",
    "XML",
    "XLSX",
    "PDF",
    "UTC",
    "IBAN",
    "BPO",
    "KPO",
    "CSV",
    "SHA-256",
    "EN 16931",
    "UBL",
    "JSON",
}
"""Proper names and abbreviations that are the same in every language."""


def has_words(text: str) -> bool:
    rest = re.sub("|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True)), " ", text)
    return re.search(r"[^\W\d_]{2,}", rest) is not None


def bare(template: str) -> str:
    """The template without what is translated, computed or said by the frame."""
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", template, flags=re.DOTALL)
    text = re.sub(r"\{% blocktrans(?:late)?.*?\{% endblocktrans(?:late)? %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% block (?:width|body_attributes) %\}.*?\{% endblock %\}", "", text, flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_string_of_a_template_is_left_unmarked(path: Path) -> None:
    reader = Unmarked()
    reader.feed(bare(path.read_text("utf-8")))
    reader.close()
    assert not reader.found


def test_the_finder_finds() -> None:
    reader = Unmarked()
    reader.feed(bare('<p title="Hello there">{% translate "marked" %} not marked <code>fine</code></p>'))
    reader.close()
    assert reader.found == ["Hello there", "not marked"]


def test_a_refusal_is_said_in_german() -> None:
    from remit.apps.organizations.roles import ASK, MISSING

    with override("de"):
        said = Words("de").reason(MISSING(roles="biller", name="Ada", cure=ASK()))
    assert "Rolle biller" in said
