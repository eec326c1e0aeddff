"""TED XML (R2.0.8 and R2.0.9): the export's coded data, the form in the best language, and what the form itself says."""

from __future__ import annotations

from dataclasses import replace

from remit.domain.line import Finding
from remit.formats.notices import codes, rules, ted_forms, ted_old, ted_results, ted_scope
from remit.formats.notices.fields import Pen
from remit.formats.notices.notice import Buyer, Cpv, Field, Notice, NoticeFile
from remit.formats.notices.xml import Element, find, find_all, find_any, name, place, text, verbatim

FORM = "TED"
MORE = ("COMPLEMENTARY_INFO/INFO_ADD", "PROCEDURE/MAIN_FEATURES_AWARD", "OBJECT_CONTRACT/CALCULATION_METHOD", "AWARD_CONTRACT/AWARDED_CONTRACT/INFO_ADD_VALUE")
SECTIONS = {
    "OFFICIALNAME": "I.1", "TOWN": "I.1", "COUNTRY": "I.1", "NUTS": "I.1", "TITLE": "II.1.1", "REFERENCE_NUMBER": "II.1.1", "SHORT_DESCR": "II.1.4",
    "TYPE_CONTRACT": "II.1.3", "LANGUAGE": "IV.2.4", "DATE_DISPATCH_NOTICE": "VI.5",
}  # fmt: skip


def read(root: Element, name_: str) -> tuple[NoticeFile | None, tuple[Finding, ...]]:
    """The one notice of an export, read from its English form, else from its original."""
    forms = [form for form in find_all(root, "FORM_SECTION/*") if name(form) != "NOTICE_UUID"]
    if not forms:
        return None, (Finding("notice.no_form", place(root, "FORM_SECTION")),)
    known = [(form, code) for form in forms if (code := ted_forms.form_code(name(form), form.get("FORM", "")))]
    if not known:
        return None, (Finding("notice.unknown_form", place(forms[0]), {"root": name(forms[0])}),)
    form, code = min(known, key=lambda pair: (pair[0].get("LG", "").upper() != "EN", pair[0].get("CATEGORY", "ORIGINAL") != "ORIGINAL"))
    pen = Pen()
    old = find(form, "OBJECT_CONTRACT") is None and not code.startswith(("F", "T"))
    core = ted_old.read(form, code, pen) if old else _new(form, code, pen)
    notice = _complete(_with_coded_data(root, form, code, core, pen), root, pen)
    doubts = (*pen.findings, *_kind_doubts(notice, form, code))
    return NoticeFile(name_, FORM, (replace(notice, suspicions=doubts),)), ()


def _new(form: Element, code: str, pen: Pen) -> Notice:
    """A form under the directives of 2014."""
    body = find(form, "CONTRACTING_BODY")
    buyers = tuple(buyer(a, pen) for a in find_all(body, "ADDRESS_CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY_ADDITIONAL"))
    country = next((b.country.value for b in buyers if b.country), "")
    region = next((b.region.value for b in buyers if b.region), "")
    objects = find_all(form, "OBJECT_CONTRACT")
    if len(objects) > 1:
        pen.doubt("notice.several_objects", place(objects[1]), count=len(objects))
    whole = objects[0] if objects else None
    reference = find(whole, "REFERENCE_NUMBER")
    scope = ted_scope.read(form, objects, codes.zone(country, region), pen)
    single: Field | None = scope.pop("only_description")
    short = _text(find(whole, "SHORT_DESCR"), pen)
    extra = tuple(f for e in find_all(form, *MORE) if (f := _text(e, pen)))
    return Notice(
        form=FORM,
        edition="R2.0.9",
        kind=kind(form, code),
        stage=stage(form, code),
        reference=_text(reference, pen),
        language=_language(form, pen),
        title=_text(find(whole, "TITLE"), pen),
        description=short or single,
        more=(single, *extra) if short and single else extra,
        buyers=buyers,
        nature=_nature(find(whole, "TYPE_CONTRACT"), "CTYPE", pen),
        **scope,
        awards=tuple(ted_results.awards(form, pen)),
        changes=tuple(ted_results.changes(form, pen)),
        concession=_concession(form, code),
    )


def kind(form: Element, code: str) -> Field:
    """The form's code with its purpose where it has several (F21 CONTRACT)."""
    notice = find(form, "NOTICE")
    said = f"{code} {notice.get('TYPE', '')}".strip() if notice is not None else code
    return Field(said, place(form, "FORM", "FORM"), form.get("FORM", name(form)))


def stage(form: Element, code: str) -> Field:
    """By the element NOTICE where there is one, else by the form."""
    notice = find(form, "NOTICE")
    said = notice.get("TYPE", "") if notice is not None else ""
    if notice is not None and said in ted_forms.TYPES:
        return Field(ted_forms.TYPES[said], place(notice, attribute="TYPE"), said, "derived", rules.FROM_FORM(form=f"{code} {said}"))
    if code in {"F21", "F22", "F23"} and find(form, "AWARD_CONTRACT") is not None:
        return Field("award", place(form, attribute="FORM"), code, "derived", rules.FROM_CONTENT(part="AWARD_CONTRACT"))
    return Field(ted_forms.STAGES[code], place(form, attribute="FORM"), form.get("FORM", name(form)), "derived", rules.FROM_FORM(form=code))


def buyer(address: Element, pen: Pen) -> Buyer:
    """Name, country, town and region; everything else of an address is left alone."""
    country, region = find(address, "COUNTRY"), find(address, "NUTS")
    return Buyer(
        name=_text(find_any(address, "OFFICIALNAME", "ORGANISATION/OFFICIALNAME", "ORGANISATION"), pen),
        country=pen.coded(country.get("VALUE", ""), place(country, "I.1", "VALUE"), codes.country, "country") if country is not None else None,
        city=_text(find(address, "TOWN"), pen),
        region=pen.text(region.get("CODE", ""), place(region, "I.1", "CODE")) if region is not None else None,
    )


def _text(element: Element | None, pen: Pen) -> Field | None:
    if element is None:
        return None
    return pen.text(text(element), place(element, SECTIONS.get(name(element), "")), verbatim(element).strip())


def _language(form: Element, pen: Pen) -> Field | None:
    return pen.coded(form.get("LG", ""), place(form, "LG", "LG"), codes.language, "LG")


def _nature(element: Element | None, attribute: str, pen: Pen) -> Field | None:
    said = element.get(attribute, "") if element is not None else ""
    if element is None or said not in {"WORKS", "SUPPLIES", "SERVICES"}:
        return None
    return Field(said.lower(), place(element, "II.1.3", attribute), said)


def _concession(form: Element, code: str) -> Field | None:
    basis = find(form, "LEGAL_BASIS")
    if basis is not None and basis.get("VALUE", "") == "32014L0023":
        return Field("concession", place(basis, attribute="VALUE"), "32014L0023")
    directive = find(form, "DIRECTIVE")
    if directive is not None and directive.get("VALUE", "") == "2014/23/EU":
        return Field("concession", place(directive, attribute="VALUE"), "2014/23/EU")
    if code in ted_forms.CONCESSION_FORMS:
        return Field("concession", place(form, attribute="FORM"), code, "derived", rules.FROM_FORM(form=code))
    return None


def _with_coded_data(root: Element, form: Element, code: str, notice: Notice, pen: Pen) -> Notice:
    """What stands in the export around the form: number, publication, English heading, labels of the CPV codes."""
    data = find(root, "CODED_DATA_SECTION")
    number, published = find(data, "NOTICE_DATA/NO_DOC_OJS"), find(data, "REF_OJS/DATE_PUB")
    headings = {e.get("LG", ""): e for e in find_all(root, "TRANSLATION_SECTION/ML_TITLES/ML_TI_DOC")}
    heading = find(headings.get("EN"), "TI_TEXT")
    labels = {e.get("CODE", ""): _text(e, pen) for e in find_all(data, "NOTICE_DATA/ORIGINAL_CPV")}
    issued = _text(number, pen)
    if issued is None and root.get("DOC_ID"):
        issued = pen.text(root.get("DOC_ID", ""), place(root, "DOC_ID", "DOC_ID"))
    previous = find_all(data, "NOTICE_DATA/REF_NOTICE/NO_DOC_OJS") or find_all(form, "PROCEDURE/NOTICE_NUMBER_OJ", "COMPLEMENTARY_INFO/NOTICE_NUMBER_OJ")
    main = notice.cpv
    if main is None and labels:
        first = find(data, "NOTICE_DATA/ORIGINAL_CPV")
        main = pen.cpv(first.get("CODE", ""), place(first, "ORIGINAL_CPV", "CODE")) if first is not None else None
    return replace(
        notice,
        id=issued,
        published=_day(published, pen) or _day(find(form, "COMPLEMENTARY_INFO/DATE_DISPATCH_NOTICE"), pen),
        heading=_text(heading, pen),
        cpv=_labelled(main, labels),
        cpv_additional=tuple(found for c in notice.cpv_additional if (found := _labelled(c, labels))),
        related=tuple(f for e in previous if (f := _text(e, pen))),
    )


def _day(element: Element | None, pen: Pen) -> Field | None:
    return pen.day(text(element), place(element)) if element is not None else None


def _labelled(cpv: Cpv | None, labels: dict[str, Field | None]) -> Cpv | None:
    return replace(cpv, label=labels.get(cpv.code.value)) if cpv else None


def _complete(notice: Notice, root: Element, pen: Pen) -> Notice:
    """Country and nature from the coded data where the form leaves them out (F07, F12, F21 and old forms may)."""
    data = find(root, "CODED_DATA_SECTION")
    country = find(data, "NOTICE_DATA/ISO_COUNTRY")
    if country is not None and not any(b.country for b in notice.buyers):
        found = pen.coded(country.get("VALUE", ""), place(country, "ISO_COUNTRY", "VALUE"), codes.country, "ISO_COUNTRY")
        first = notice.buyers[0] if notice.buyers else Buyer()
        notice = replace(notice, buyers=(replace(first, country=found), *notice.buyers[1:]))
    nature = find(data, "CODIF_DATA/NC_CONTRACT_NATURE")
    says = {"1": "works", "2": "supplies", "4": "services"}.get(nature.get("CODE", "") if nature is not None else "")
    if notice.nature is None and nature is not None and says:
        notice = replace(notice, nature=Field(says, place(nature, "NC_CONTRACT_NATURE", "CODE"), nature.get("CODE", "")))
    return notice


def _kind_doubts(notice: Notice, form: Element, code: str) -> list[Finding]:
    at = notice.kind.place
    doubts = []
    if code in ted_forms.INTENDED_AWARDS:
        doubts.append(Finding("notice.intended_award", at))
    if code in ted_forms.BUYER_PROFILES:
        doubts.append(Finding("notice.buyer_profile", at))
    if code in ted_forms.QUALIFICATIONS or "QSU" in notice.kind.value:
        doubts.append(Finding("notice.qualification", at))
    empty = [award for award in notice.awards if award.status]
    if empty and len(empty) == len(notice.awards) and empty[0].status:
        doubts.append(Finding("notice.cancelled", empty[0].status.place, {"why": empty[0].status.value}))
    return doubts
