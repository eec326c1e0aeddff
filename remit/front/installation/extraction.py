"""Every sentence marked for translation, and the catalogues kept in step with them.

`python -m remit.front.installation.extraction` brings each catalogue up to date: new sentences come in empty, those that are gone go out.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import remit

HOUSE = Path(remit.__file__).resolve().parent
LINES = HOUSE / "lines"
LANGUAGES = ("de", "fr", "bg")
KEYWORDS = {
    "N_": None,
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Message = tuple[str, str | tuple[str, ...], str]
"""Place (file and line), sentence (or its forms in number), context."""


def messages(folder: Path) -> Iterator[Message]:
    """Of Python and templates below a folder, tests left out; a service line's sentences are not the house's."""
    for file in sorted(folder.rglob("*")):
        if file.suffix not in (".py", ".html", ".txt") or file.name.startswith("test_") or "node_modules" in file.parts:
            continue
        if folder == HOUSE and file.is_relative_to(LINES) and file.parent != LINES:
            continue
        yield from _of_file(file)


def _of_file(file: Path) -> Iterator[Message]:
    from babel.messages.extract import extract

    place = file.relative_to(HOUSE.parent).as_posix()
    if file.suffix == ".py":
        method, content = "python", file.read_bytes()
    else:
        method, content = "javascript", _templatized(file)
    for line, found, _comments, context in extract(method, io.BytesIO(content), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        if found:
            yield f"{place}:{line}", found, context or ""


def _templatized(file: Path) -> bytes:
    """A template as calls that an extractor of another language can read; what is not a call is X."""
    from django.utils.translation.template import templatize

    if file.suffix == ".txt" and "templates" not in file.parts:
        return b""
    text = templatize(file.read_text("utf-8"), origin=str(file))
    calls = re.findall(r"\b(?:gettext|ngettext|pgettext|npgettext|_)\((?:[^()'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")*\)|\n", text)
    return (
        "".join(call if call == "\n" else f"{call};" for call in calls)
        .replace("(u'", "('")
        .replace('(u"', '("')
        .replace(",u'", ",'")
        .replace(',u"', ',"')
        .encode()
    )


def catalogues() -> dict[Path, Path]:
    """Folder of sentences to the folder of its catalogues: the house's own, and each line's."""
    own = {line: line / "locale" for line in sorted(LINES.iterdir()) if (line / "line.py").exists()}
    return {HOUSE: HOUSE / "locale"} | own


def bring_up_to_date(folder: Path, locale: Path, language: str) -> tuple[int, int]:
    """(sentences, those without translation) after the catalogue has exactly the sentences that are marked now."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po, write_po

    file = locale / language / "LC_MESSAGES" / "django.po"
    fresh = Catalog(locale=language, project="Remit", charset="utf-8", fuzzy=False)
    known = {}
    if file.exists():
        with file.open("rb") as source:
            known = {(message.id, message.context or ""): message.string for message in read_po(source, locale=language) if message.id}
    for place, sentence, context in messages(folder):
        path, _, line = place.rpartition(":")
        translated = known.get((sentence, context), "" if isinstance(sentence, str) else ("", ""))
        fresh.add(sentence, translated, locations=[(path, int(line))], context=context or None)
    file.parent.mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, fresh, width=160, no_location=False, sort_output=True, include_lineno=False, omit_header=False)
    # The header's dates would differ at each run and say nothing.
    text = re.sub(
        r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To): [^"]*"\n', "", out.getvalue().decode()
    )
    file.write_text(text, "utf-8")
    empty = [message for message in fresh if message.id and not all(message.string if isinstance(message.string, tuple) else (message.string,))]
    return len(fresh), len(empty)


def main() -> int:
    for folder, locale in catalogues().items():
        for language in LANGUAGES:
            count, empty = bring_up_to_date(folder, locale, language)
            print(f"{locale.relative_to(HOUSE.parent)}/{language}: {count} sentences, {empty} without translation")
    return 0


if __name__ == "__main__":
    sys.exit(main())
