"""The text that somebody wrote themselves: without what their program quoted under it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element, iterwalk

_UNSAID = frozenset({"script", "style", "head", "blockquote"})
_ENDS_A_LINE = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3"})
_QUOTE = re.compile(r"^\s*>")
_HEAD = re.compile(r"^\W*\w[\w -]{1,14}\s?:\s")


def own_part(text: str, own: tuple[str, ...] = ()) -> str:
    """`own`: the addresses that our mails come from. The line by which a program begins its quote names one of them, in whatever language."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    text = _before_quote(text, own)
    if not text.strip():
        return ""
    from mailparser_reply import EmailReplyParser

    # Signatures stay: a list with hyphens looks like one, and nothing that was answered may be lost.
    replies = EmailReplyParser(languages=["en", "de", "fr", "es", "it", "nl", "pl", "cs", "da", "sv"]).read(text).replies
    text = next((reply.content for reply in replies if reply.content.strip()), "")
    return "\n".join(line for line in text.split("\n") if not _QUOTE.match(line)).strip()


def _before_quote(text: str, own: tuple[str, ...]) -> str:
    """Up to the line that opens the quote: one that names our address and ends in a colon, or the first of a block of headers."""
    addresses = "|".join(re.escape(each) for each in own if each)
    if not addresses:
        return text
    opens = re.compile(rf"(?:{addresses})\W{{0,4}}[^.:]{{0,40}}[:：]\s*$", re.IGNORECASE)
    heads = re.compile(rf"^\W*\w[\w-]{{1,14}}\s?:\s.*(?:{addresses})", re.IGNORECASE)
    goes_on = re.compile(rf"^\s*<?(?:mailto:)?(?:{addresses})", re.IGNORECASE)
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if heads.search(line) and any(_HEAD.match(each) for each in lines[number + 1 : number + 3]):
            return "\n".join(lines[:number])
        if opens.search(line):
            # It may run over two lines: "On 2 November 2026, Halden <" and "remit@halden.example> wrote:".
            has_begun = number > 0 and goes_on.match(line) and lines[number - 1].strip()
            return "\n".join(lines[: number - 1 if has_begun else number])
    return text


def _words(tree: _Element) -> Iterator[str]:
    """Text in its order, with an end of line wherever an element of its own ends one."""
    inside: list[_Element] = []
    for event, element in iterwalk(tree, events=("start", "end")):
        if event == "start":
            if element.tag in _UNSAID or "gmail_quote" in (element.get("class") or ""):
                inside.append(element)
            elif not inside and element.text:
                yield element.text
            continue
        if inside and inside[-1] is element:
            inside.pop()
        if not inside:
            yield ("\n" if element.tag in _ENDS_A_LINE else "") + (element.tail or "")


def text_of_html(html: str) -> str:
    """The words of a mail in HTML, without what it quotes."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(html.encode("utf-8", "replace"), parser) if html.strip() else None
    except (ValueError, etree.LxmlError):
        tree = None
    if tree is None:
        return ""
    lines = (" ".join(line.split()) for line in "".join(_words(tree)).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
