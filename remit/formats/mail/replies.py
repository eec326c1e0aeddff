"""The text that somebody wrote themselves: without what their program quoted under it."""

from __future__ import annotations

import re

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


def text_of_html(html: str) -> str:
    """The words of a mail in HTML, without what it quotes."""
    from lxml import html as parser

    if not html.strip():
        return ""
    try:
        tree = parser.document_fromstring(html.encode("utf-8", "replace"), parser=parser.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False))
    except (ValueError, parser.etree.ParserError, parser.etree.XMLSyntaxError):
        return ""
    for gone in tree.xpath("//script|//style|//head|//blockquote|//*[contains(@class, 'gmail_quote')]|//comment()"):
        gone.drop_tree()
    for ends in tree.xpath("//br|//p|//div|//li|//tr|//h1|//h2|//h3"):
        ends.tail = "\n" + (ends.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
