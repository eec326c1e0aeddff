"""XML read safely: no DOCTYPE, no entities, no network; elements found by local name, with their path and line."""

from __future__ import annotations

import codecs
from functools import cache
from typing import Any

from lxml import etree

from remit.domain.line import Finding, Place

Element = etree._Element


def parse(data: bytes) -> tuple[Element | None, tuple[Finding, ...]]:
    """The root, or the one reason why there is none."""
    line = _doctype_line(data)
    if line:
        return None, (Finding("notice.doctype", Place(path=(("line", line), ("field", "DOCTYPE")))),)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        problem = (error.msg or "not well-formed").removesuffix(f", line {line}, column {error.offset}")
        return None, (Finding("notice.malformed_xml", Place(path=(("line", line), ("field", "XML"))), {"problem": problem}),)
    except (ValueError, LookupError, AssertionError) as error:
        return None, (Finding("notice.malformed_xml", Place(path=(("line", 1), ("field", "XML"))), {"problem": str(error)}),)
    if root.getroottree().docinfo.internalDTD is not None:
        return None, (Finding("notice.doctype", Place(path=(("line", 1), ("field", "DOCTYPE")))),)
    return root, ()


def _doctype_line(data: bytes) -> int:
    """The line of a DOCTYPE, or 0. It can stand only after the declaration, comments and white space, so the search is exact and linear."""
    wide = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(data[:2], "utf-8")
    text = data.decode(wide, "replace").removeprefix("\ufeff")
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if text.startswith("<?", at):
            end = text.find("?>", at)
        elif text.startswith("<!--", at):
            end = text.find("-->", at) + 1
        else:
            return text.count("\n", 0, at) + 1 if text.startswith("<!DOCTYPE", at) else 0
        if end <= 0:
            return 0
        at = end + 2


@cache
def _any_namespace(path: str) -> str:
    return "/".join(step if step in {"", ".", "*", ".."} else "{*}" + step for step in path.split("/"))


def find(element: Element | None, path: str) -> Element | None:
    """The first element at a path of local names, in any namespace (namespaces changed with every edition)."""
    return None if element is None else element.find(_any_namespace(path))


def find_all(element: Element | None, *paths: str) -> list[Element]:
    """All elements at these paths of local names, path after path."""
    return [] if element is None else [found for path in paths for found in element.findall(_any_namespace(path))]


def find_any(element: Element | None, *paths: str) -> Element | None:
    """The first element at the first path that leads to one."""
    return next((found for path in paths if (found := find(element, path)) is not None), None)


def name(element: Element) -> str:
    """The local name."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text(element: Element | None) -> str:
    """The text, spaces as one: a line per paragraph (P), and a description keeps its own line breaks."""
    if element is None:
        return ""
    paragraphs = [child for child in element if name(child) == "P"]
    if not paragraphs and name(element).endswith(("Description", "Note")):
        return "\n".join(" ".join(line.split()) for line in verbatim(element).strip().splitlines()).strip()
    if not paragraphs:
        return " ".join(verbatim(element).split())
    return "\n".join(line for line in (" ".join(verbatim(p).split()) for p in paragraphs) if line)


def verbatim(element: Element) -> str:
    """All character data below the element, untouched."""
    return "".join(str(part) for part in element.itertext())


def place(element: Element, field: str = "", attribute: str = "") -> Place:
    """Line, path and field name (business term or section of the form) of an element."""
    path = xpath(element) + (f"/@{attribute}" if attribute else "")
    return Place(path=(("line", _line(element)), ("xpath", path), ("field", field or name(element))))


def _line(element: Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def xpath(element: Element) -> str:
    """A path of names with prefixes, numbered where an element has namesakes beside it."""
    steps: list[str] = []
    at: Element | None = element
    while at is not None:
        step = f"{at.prefix}:{name(at)}" if at.prefix else name(at)
        parent = at.getparent()
        if parent is not None:
            before = sum(1 for _ in at.itersiblings(str(at.tag), preceding=True))
            if before or next(at.itersiblings(str(at.tag)), None) is not None:
                step += f"[{before + 1}]"
        steps.append(step)
        at = parent
    return "/" + "/".join(reversed(steps))
