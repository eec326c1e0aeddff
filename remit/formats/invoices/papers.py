"""What came as an e-invoice: the XML in it, and which form it is; nothing is fetched, no entity is expanded."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from remit.domain.reasons import N_, Reason, Sentence

Form = Literal["UBL Invoice", "UBL CreditNote", "CII"]

MOST_BYTES = 20_000_000
FORMS: dict[str, Form] = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "UBL Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "UBL CreditNote",
    "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice": "CII",
}
ATTACHED = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
"""Names by which hybrid invoices attach their XML (Factur-X 1.0, ZUGFeRD 2.x), tried first."""

EXPORT = Sentence("invoice.export_xml", N_("Send the invoice as UBL or CII XML, or as a PDF that carries it."))
EMPTY = Sentence("invoice.empty", N_("The file is empty."))
TOO_LARGE = Sentence("invoice.too_large", N_("The file has more bytes than the {most} that an invoice may have."))
NOT_XML = Sentence("invoice.not_xml", N_("This is not well-formed XML: {problem}."))
DOCTYPE = Sentence("invoice.doctype", N_("The XML declares a document type, which could make it read other files; no e-invoice needs one."))
DROP_DOCTYPE = Sentence("invoice.drop_doctype", N_("Remove the DOCTYPE declaration."))
UNKNOWN_FORM = Sentence("invoice.unknown_form", N_("The root element {root} is neither a UBL 2.1 Invoice or CreditNote nor a CII CrossIndustryInvoice."))
PDF_BROKEN = Sentence("invoice.pdf_broken", N_("The PDF cannot be opened: {problem}."))
PDF_ALONE = Sentence("invoice.pdf_alone", N_("The PDF carries no e-invoice in XML."))


@dataclass(frozen=True)
class Unreadable:
    """Why a file cannot be read as an e-invoice; `line` counts from 1, 0 where there is none."""

    reason: Reason
    line: int = 0
    field: str = ""


@dataclass(frozen=True)
class Paper:
    """An e-invoice's XML as a tree, and its form; `attached` is the name under which a PDF carried it."""

    tree: etree._ElementTree
    form: Form
    attached: str = ""


def read_paper(data: bytes) -> Paper | Unreadable:
    """The invoice in an XML or PDF file, by its content; never raises on what came."""
    if not data.strip():
        return Unreadable(EMPTY(cure=EXPORT()))
    if len(data) > MOST_BYTES:
        return _too_large()
    if data.lstrip()[:5] == b"%PDF-":
        return _from_pdf(data)
    return _from_xml(data)


def _from_xml(data: bytes, attached: str = "") -> Paper | Unreadable:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.ElementTree(etree.fromstring(data, parser))
    except (etree.XMLSyntaxError, ValueError, LookupError) as problem:
        return Unreadable(NOT_XML(problem=str(problem).rstrip("."), cure=EXPORT()), getattr(problem, "lineno", None) or 0)
    root: Any = tree.getroot()
    if getattr(tree.docinfo, "internalDTD", None) is not None:
        return Unreadable(DOCTYPE(cure=DROP_DOCTYPE()), 1, "DOCTYPE")
    form = FORMS.get(str(root.tag))
    if form is None:
        return Unreadable(UNKNOWN_FORM(root=str(root.tag)[:200], cure=EXPORT()), root.sourceline or 1, etree.QName(root).localname[:100])
    return Paper(tree, form, attached)


def _from_pdf(data: bytes) -> Paper | Unreadable:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            names = sorted((name for name in pdf.attachments if name.lower().endswith(".xml")), key=lambda name: (name.lower() not in ATTACHED, name))
            found = [(name, _unpacked(pdf.attachments[name].get_file().obj)) for name in names[:10]]
    except Exception as problem:
        return Unreadable(PDF_BROKEN(problem=str(problem)[:200].rstrip("."), cure=EXPORT()))
    read = [_from_xml(content, name) if len(content) <= MOST_BYTES else _too_large() for name, content in found]
    return next((paper for paper in read if isinstance(paper, Paper)), read[0] if read else Unreadable(PDF_ALONE(cure=EXPORT())))


def _unpacked(stream: Any) -> bytes:
    """An attachment's bytes, cut just past the limit, since a few kilobytes may unpack to gigabytes."""
    packing = stream.get("/Filter")
    if packing is None:
        return bytes(stream.read_raw_bytes())
    if str(packing) != "/FlateDecode" and [str(one) for one in packing] != ["/FlateDecode"]:
        raise ValueError("the XML is packed in a way other than Flate")
    return zlib.decompressobj().decompress(bytes(stream.read_raw_bytes()), MOST_BYTES + 1)


def _too_large() -> Unreadable:
    return Unreadable(TOO_LARGE(most=MOST_BYTES, cure=EXPORT()))
