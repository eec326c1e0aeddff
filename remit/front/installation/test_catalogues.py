"""Compiled catalogues speak, and a translation that names other values is found."""

import gettext
from pathlib import Path

import pytest

from remit.front.installation.catalogues import compile_catalogue, faults, main

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'


def written(folder: Path, *entries: str) -> Path:
    path = folder / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + "\n\n".join(entries), encoding="utf-8")
    return path


def test_compiled_catalogue_is_read_by_gettext(tmp_path: Path) -> None:
    source = written(tmp_path, 'msgid "Close"\nmsgstr "Schließen"', '#, fuzzy\nmsgid "Open"\nmsgstr "Unsicher"')
    compile_catalogue(source)
    words = gettext.translation("django", tmp_path, ["de"])
    assert words.gettext("Close") == "Schließen"
    assert words.gettext("Open") == "Open"


@pytest.mark.parametrize(
    ("entry", "is_fault"),
    [
        ('msgid "{a} of {b}"\nmsgstr "{b}, davon {a}"', False),
        ('msgid "{a} of {b}"\nmsgstr "{a} von {c}"', True),
        ('msgid "%(n)s left"\nmsgstr "noch %(m)s"', True),
        ('msgid "%(n)s left"\nmsgstr "übrig"', True),
        ('msgid "%(n)s left"\nmsgstr ""', False),
        ('msgid "%(n)s file"\nmsgid_plural "%(n)s files"\nmsgstr[0] "eine Datei"\nmsgstr[1] "%(n)s Dateien"', False),
        ('msgid "%(n)s file"\nmsgid_plural "%(n)s files"\nmsgstr[0] "eine Datei"\nmsgstr[1] "%(m)s Dateien"', True),
    ],
)
def test_values_must_be_the_sentence_s(tmp_path: Path, entry: str, is_fault: bool) -> None:
    found = faults(written(tmp_path, entry))
    assert bool(found) is is_fault
    assert all(fault.startswith(f"{tmp_path}/de/LC_MESSAGES/django.po:") for fault in found)


def test_a_broken_catalogue_is_a_fault_not_a_crash(tmp_path: Path) -> None:
    assert faults(written(tmp_path, 'msgid "unended'))


def test_the_program_s_own_catalogues_hold() -> None:
    assert main(["--check"]) == 0
