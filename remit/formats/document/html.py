"""A document as a semantic HTML fragment with the house's classes; all text is escaped, no style stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from remit.domain.document import Bars, Block, Cell, Document, Facts, Heading, Paragraph, Plate, Revised, Table
from remit.formats.document.cells import Align, aligned, bar_shares, clean, is_number, said

OPENING = {"plain": "<p>", "note": '<p class="note">', "warning": '<p class="note warning" role="note">', "quote": "<blockquote><p>"}
MARKED = {"same": "{}", "out": "<del>{}</del>", "in": "<ins>{}</ins>"}
CLOSING = {"quote": "</p></blockquote>"}


def write_html(document: Document, top: int = 1) -> str:
    """The blocks in order, without html, head and body; `top` is the level that the document's first level of headings has in the page."""
    return "\n".join(_block(block, document, top) for block in document.blocks)


def _block(block: Block, document: Document, top: int) -> str:
    match block:
        case Heading():
            level = min(6, block.level + top - 1)
            return f"<h{level}>{_text(block.text)}</h{level}>"
        case Paragraph():
            return f"{OPENING[block.style]}{_text(block.text)}{CLOSING.get(block.style, '</p>')}"
        case Facts():
            pairs = "".join(f"<div><dt>{_text(label)}</dt><dd>{_text(said(cell, document))}</dd></div>" for label, cell in block.pairs)
            return f'<dl class="facts">{pairs}</dl>'
        case Table():
            return _table(block, document)
        case Bars():
            return _bars(block, document)
        case Plate():
            width = len(str(block.first + len(block.lines)))
            lines = (f"{number:>{width}}  {escape(clean(line))}" for number, line in enumerate(block.lines, block.first))
            return f'<pre class="plate" translate="no" tabindex="0">{chr(10).join(lines)}</pre>'
        case Revised():
            return f"<p>{''.join(MARKED[change.kind].format(_text(change.text)) for change in block.changes)}</p>"


def _table(table: Table, document: Document) -> str:
    align = aligned(table)
    head = "".join(f'<th scope="col"{_class(index, align)}>{_text(column)}</th>' for index, column in enumerate(table.columns))
    body = "".join(f"<tr>{_row(row, align, document)}</tr>\n" for row in table.rows)
    foot = f'<tfoot><tr class="sum">{_row(table.totals, align, document)}</tr></tfoot>' if table.totals else ""
    caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
    label = f' role="region" aria-label="{_text(table.caption)}"' if table.caption else ""
    return f'<div class="tablebox"{label} tabindex="0"><table class="tbl">{caption}<thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody>{foot}</table></div>'


def _row(cells: Iterable[Cell], align: tuple[Align, ...], document: Document) -> str:
    """The first cell heads its row, where it has something to say."""
    made = []
    for index, cell in enumerate(cells):
        text = _text(said(cell, document))
        heads = index == 0 and text and not is_number(cell)
        made.append(f'<th scope="row">{text}</th>' if heads else f"<td{_class(index, align)}>{text}</td>")
    return "".join(made)


def _bars(bars: Bars, document: Document) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_text(label)}</th><td class="num">{_text(said(cell, document))}</td>'
        f'<td><svg class="barline" width="100%" height="10" aria-hidden="true"><rect width="{share * 100:.2f}%" height="10"/></svg></td></tr>'
        for (label, cell), share in zip(bars.bars, bar_shares(bars), strict=True)
    )
    caption = f"<caption>{_text(bars.caption)}{f' ({_text(bars.unit)})' if bars.unit else ''}</caption>" if bars.caption or bars.unit else ""
    return f'<div class="tablebox"><table class="tbl bars">{caption}<tbody>{rows}</tbody></table></div>'


def _class(index: int, align: tuple[Align, ...]) -> str:
    return ' class="num"' if index < len(align) and align[index] == "end" else ""


def _text(text: str) -> str:
    return escape(clean(text)).replace("\n", "<br>")
