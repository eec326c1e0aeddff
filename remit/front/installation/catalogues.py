"""Message catalogues: compiles them, and checks that a translation names the same values as its sentence."""

import re
import sys
from pathlib import Path

import remit

PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+[^}]*\}")


def sources() -> list[Path]:
    """The catalogues of the program and of each service line."""
    return sorted(Path(remit.__file__).parent.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogue(source: Path) -> None:
    """Writes the .mo beside its source; fuzzy entries are left out, so that what nobody checked is not shown."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name, abort_invalid=True)
    fresh = source.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, catalogue, use_fuzzy=False)
    fresh.replace(source.with_suffix(".mo"))


def faults(source: Path) -> list[str]:
    """`FILE:LINE: what` for each translation whose values differ from its sentence's, and for a file that cannot be read."""
    from babel.messages.pofile import PoFileError, read_po

    try:
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parents[1].name, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as failure:
        return [f"{source}:1: {failure}"]
    found = []
    for message in catalogue:
        sentences = message.id if isinstance(message.id, list | tuple) else [message.id]
        translations = message.string if isinstance(message.string, list | tuple) else [message.string]
        if not message.id or not any(translations):
            continue
        wanted = {value for sentence in sentences for value in PLACEHOLDER.findall(sentence)}
        for translation in translations:
            named = set(PLACEHOLDER.findall(translation or ""))
            # A plural form may leave a value out ("one file"), but none may name what is not there.
            if named - wanted or (len(translations) == 1 and named != wanted):
                found.append(f"{source}:{message.lineno}: values {sorted(named)} where the sentence has {sorted(wanted)}: {sentences[0]!r}")
    return found


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = [fault for source in sources() for fault in faults(source)]
        print("\n".join(found) or f"{len(sources())} catalogues hold")
        return 1 if found else 0
    for name in arguments:
        compile_catalogue(Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
