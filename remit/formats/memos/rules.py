"""What can be wrong with the file of a memo or of an authority, with severity, words and source."""

from __future__ import annotations

from remit.domain.line import Finding, Place, Rule
from remit.domain.reasons import N_

MARKDOWN, DOCX, LIMITS = "CommonMark", "ISO/IEC 29500, Office Open XML", "limits of the reader"

RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("memo.empty", "error", N_("The file holds no text."), LIMITS),
        Rule("memo.not_text", "error", N_("The file is neither text nor DOCX."), LIMITS),
        Rule("memo.other_form", "error", N_("The file is {form}; a memo is read from Markdown or DOCX."), LIMITS),
        Rule("memo.broken", "error", N_("The DOCX cannot be opened: it is cut off or damaged."), DOCX),
        Rule("memo.no_body", "error", N_("The archive holds no text document of Word."), DOCX),
        Rule("memo.bad_xml", "error", N_("The text in the DOCX is not well-formed XML."), DOCX),
        Rule("memo.doctype", "error", N_("The DOCX declares a document type or entities, which none may."), DOCX),
        Rule("memo.too_large", "error", N_("The file is larger than {megabytes} MB, unpacked or as it is."), LIMITS),
        Rule("memo.too_long", "error", N_("The text is longer than {letters} characters."), LIMITS),
        Rule("memo.too_many", "error", N_("The file holds more than {count} paragraphs, pages or parts."), LIMITS),
        Rule("authority.unreadable", "error", N_("No text can be read from the file."), LIMITS),
        Rule("authority.scanned", "error", N_("The PDF holds pictures of pages without text; bring one with text."), LIMITS),
    )
}
"""By code."""


def found(code: str, line: int = 1, field: str = "file", /, **values: object) -> Finding:
    """A finding at a line of the file."""
    return Finding(code, Place(path=(("line", line), ("field", field))), values)
