"""A document as DOCX: real headings, tables whose heads repeat, and the document's language."""

from __future__ import annotations

import io
from typing import Any

from remit.domain.document import Bars, Block, Cell, Document, Facts, Heading, Paragraph, Plate, Revised, Table
from remit.formats.document.cells import aligned, clean, said
from remit.formats.document.zips import settled
from remit.formats.words import Words

STYLES = {"plain": "Normal", "note": "Caption", "warning": "Intense Quote", "quote": "Quote"}


def write_docx(document: Document) -> bytes:
    """The file's bytes; the same document gives the same bytes."""
    from docx import Document as Docx

    made = Docx()
    _language(made, document.language)
    for block in document.blocks:
        _block(made, block, document)
    kept = made.core_properties
    kept.title, kept.author, kept.last_modified_by = clean(document.title)[:255], clean(document.facts.get("author", ""))[:255], ""
    kept.subject, kept.comments, kept.language = clean(document.facts.get("subject", ""))[:255], "", document.language[:255]
    made.save(data := io.BytesIO())
    return settled(data.getvalue(), document.facts.get("date", ""))


def _block(made: Any, block: Block, document: Document) -> None:
    match block:
        case Heading():
            made.add_heading(clean(block.text), min(block.level, 9))
        case Paragraph():
            made.add_paragraph(clean(block.text), STYLES[block.style])
        case Facts():
            for label, cell in block.pairs:
                pair = made.add_paragraph()
                pair.add_run(f"{clean(label)}: ").bold = True
                pair.add_run(said(cell, document))
        case Table():
            if block.caption:
                made.add_paragraph(clean(block.caption), "Caption")
            _table(made, block, document)
        case Bars():
            _table(made, Table((block.caption, block.unit), tuple(block.bars)), document)
        case Plate():
            for number, line in enumerate(block.lines, block.first):
                run = made.add_paragraph(style="No Spacing").add_run(f"{number:>3}  {clean(line)}")
                run.font.name = "Courier New"
        case Revised():
            _revised(made.add_paragraph()._p, block, document)


def _revised(paragraph: Any, block: Revised, document: Document) -> None:
    """Changes as Word tracks them, so that each can be taken or refused there."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    number = int(paragraph.xpath("count(//w:ins) + count(//w:del)"))
    for change in block.changes:
        run, text = OxmlElement("w:r"), OxmlElement("w:delText" if change.kind == "out" else "w:t")
        text.text = clean(change.text)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
        if change.kind == "same":
            paragraph.append(run)
            continue
        tracked = OxmlElement("w:del" if change.kind == "out" else "w:ins")
        number += 1
        tracked.set(qn("w:id"), str(number))
        tracked.set(qn("w:author"), clean(document.facts.get("author", "")) or "Remit")
        if on := document.facts.get("date", "")[:10]:
            tracked.set(qn("w:date"), f"{on}T00:00:00Z")
        tracked.append(run)
        paragraph.append(tracked)


def _table(made: Any, table: Table, document: Document) -> None:
    """Built from its elements: the library's own rows and cells take time squared with the number of rows."""
    from docx.oxml import OxmlElement

    width, align = len(table.columns), aligned(table)
    if not width:
        return
    grid = made.add_table(rows=0, cols=width, style="Table Grid")._tbl
    head = _row(grid, table.columns, align, document, bold=True)
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:tblHeader"))
    head.insert(0, properties)
    for row in table.rows:
        _row(grid, row, align, document)
    if table.totals:
        _row(grid, table.totals, align, document, bold=True)
    made.add_paragraph()


def _row(grid: Any, cells: tuple[Cell, ...], align: tuple[str, ...], document: Document, *, bold: bool = False) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    row = OxmlElement("w:tr")
    width = len(grid.tblGrid)
    for index, cell in enumerate((*cells, *[None] * width)[:width]):
        box, paragraph, run, text = (OxmlElement(name) for name in ("w:tc", "w:p", "w:r", "w:t"))
        if index < len(align) and align[index] == "end":
            properties, side = OxmlElement("w:pPr"), OxmlElement("w:jc")
            side.set(qn("w:val"), "right")
            properties.append(side)
            paragraph.append(properties)
        if bold:
            shape = OxmlElement("w:rPr")
            shape.append(OxmlElement("w:b"))
            run.append(shape)
        text.text = said(cell, document)
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
        paragraph.append(run)
        box.append(paragraph)
        row.append(box)
    grid.append(row)
    return row


def _language(made: Any, language: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    locale = Words(language).locale
    shape = made.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    spoken = shape.find(qn("w:lang"))
    if spoken is None:
        spoken = OxmlElement("w:lang")
        shape.append(spoken)
    spoken.set(qn("w:val"), "-".join(part for part in (locale.language, locale.territory) if part))
