"""TED forms under the directives of 2004 and 2009 (R2.0.8; defence forms were used until 2023)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from remit.formats.notices import codes, rules, ted_forms
from remit.formats.notices.fields import Pen, decimal, months_between
from remit.formats.notices.notice import Award, Buyer, Cpv, Criterion, Document, Field, Lot, Notice, Supplier
from remit.formats.notices.xml import Element, find, find_all, find_any, name, place, text, verbatim

FORM = "TED"
LOTS = ("F01_ANNEX_B", "F02_ANNEX_B", "F04_ANNEX_B", "F05_ANNEX_B", "F16_ANNEX_B", "F17_ANNEX_B", "ANNEX_B", "LOT_PRIOR_INFORMATION")
CONDITIONS = {
    "ECONOMIC_OPERATORS_PERSONAL_SITUATION": "qualification", "EAF_CAPACITY_INFORMATION": "turnover", "EAF_CAPACITY_MIN_LEVEL": "turnover",
    "T_CAPACITY_INFORMATION": "qualification", "T_CAPACITY_MIN_LEVEL": "qualification", "EXECUTION_SERVICE_RESERVED_PARTICULAR_PROFESSION": "qualification",
    "LEGAL_FORM": "qualification", "EXISTENCE_OTHER_PARTICULAR_CONDITIONS": "conditions",
}  # fmt: skip


def read(form: Element, code: str, pen: Pen) -> Notice:
    """The notice that such a form holds; its elements are found wherever they stand, since every form nests them otherwise."""
    profile = find_any(form, ".//CA_CE_CONCESSIONAIRE_PROFILE", ".//NAME_ADDRESSES_CONTACT_CONTRACT", ".//ADDRESS_CONTRACTING_BODY")
    buyers = (_buyer(profile, pen),) if profile is not None else ()
    country = next((b.country.value for b in buyers if b.country), "")
    region = find(form, ".//LOCATION_NUTS/NUTS")
    region_code = region.get("CODE", "") if region is not None else ""
    lots = tuple(_lots(form, pen))
    awards = tuple(_awards(form, pen))
    value, kind, vat = _value(form, awards, pen)
    main = _code(find(form, ".//CPV/CPV_MAIN"), pen)
    quantity = _said(find(form, ".//TOTAL_QUANTITY_OR_SCOPE"), pen, "II.2.1")
    return Notice(
        form=FORM,
        edition="R2.0.8",
        kind=Field(code, place(form, "FORM", "FORM"), form.get("FORM", name(form))),
        stage=Field(ted_forms.STAGES[code], place(form, attribute="FORM"), form.get("FORM", name(form)), "derived", rules.FROM_FORM(form=name(form))),
        reference=_said(find(form, ".//FILE_REFERENCE_NUMBER"), pen, "IV.3.1"),
        language=pen.coded(form.get("LG", ""), place(form, "LG", "LG"), codes.language, "LG"),
        title=_said(find(form, ".//TITLE_CONTRACT"), pen, "II.1.1"),
        description=_said(find_any(form, ".//SHORT_CONTRACT_DESCRIPTION", ".//DESCRIPTION_OF_CONTRACT"), pen, "II.1.5"),
        more=tuple(f for f in (quantity, _said(find(form, ".//ADDITIONAL_INFORMATION"), pen, "VI.3")) if f),
        buyers=buyers,
        nature=_nature(form),
        cpv=main,
        cpv_additional=tuple(c for e in find_all(form, ".//CPV/CPV_ADDITIONAL") if (c := _code(e, pen))),
        places=tuple(_places(form, pen)),
        lots=lots,
        value=value,
        value_kind=kind,
        vat=vat,
        **_period(find(form, ".//PERIOD_WORK_DATE_STARTING"), pen),
        options=tuple(f for e in find_all(form, ".//OPTION_DESCRIPTION") if (f := _said(e, pen, "II.2.2"))),
        procedure=_procedure(form),
        techniques=tuple(_techniques(form)),
        languages=tuple(_languages(form, pen)),
        deadline=_deadline(find_any(form, ".//RECEIPT_LIMIT_DATE", ".//LIMIT_DATE"), codes.zone(country, region_code), pen),
        criteria=tuple(_criteria(form, pen)),
        awards=awards,
        requirements=tuple((topic, f) for label, topic in CONDITIONS.items() for e in find_all(form, f".//{label}") if (f := _said(e, pen, label))),
        documents=tuple(_documents(form, pen)),
        changes=tuple(_changes(form, pen)),
        concession=_concession(form, code),
    )


def _concession(form: Element, code: str) -> Field | None:
    if code not in ted_forms.CONCESSION_FORMS:
        return None
    return Field("concession", place(form, attribute="FORM"), code, "derived", rules.FROM_FORM(form=name(form)))


def _languages(form: Element, pen: Pen) -> Iterator[Field]:
    for element in find_all(form, ".//LANGUAGE/LANGUAGE_EC"):
        if found := pen.coded(element.get("VALUE", ""), place(element, "IV.3.6", "VALUE"), codes.language, "LANGUAGE_EC"):
            yield found


def _said(element: Element | None, pen: Pen, section: str) -> Field | None:
    return pen.text(text(element), place(element, section), verbatim(element).strip()) if element is not None else None


def _buyer(profile: Element, pen: Pen) -> Buyer:
    country = find(profile, ".//COUNTRY")
    return Buyer(
        name=_said(find_any(profile, ".//ORGANISATION/OFFICIALNAME", ".//OFFICIALNAME", ".//ORGANISATION"), pen, "I.1"),
        country=pen.coded(country.get("VALUE", ""), place(country, "I.1", "VALUE"), codes.country, "country") if country is not None else None,
        city=_said(find(profile, ".//TOWN"), pen, "I.1"),
    )


def _nature(form: Element) -> Field | None:
    element = find(form, ".//TYPE_CONTRACT")
    said = element.get("VALUE", "") if element is not None else ""
    return Field(said.lower(), place(element, "II.1.2", "VALUE"), said) if element is not None and said in {"WORKS", "SUPPLIES", "SERVICES"} else None


def _code(holder: Element | None, pen: Pen) -> Cpv | None:
    code = find(holder, "CPV_CODE")
    return pen.cpv(code.get("CODE", ""), place(code, "II.1.6", "CODE")) if code is not None else None


def _places(form: Element, pen: Pen) -> Iterator[Field]:
    seen: set[str] = set()
    for holder in find_all(form, ".//LOCATION_NUTS"):
        for element in find_all(holder, "NUTS"):
            if (code := element.get("CODE", "")) and code not in seen:
                seen.add(code)
                yield Field(code, place(element, "II.1.2", "CODE"), code)
        if (site := _said(find(holder, "LOCATION"), pen, "II.1.2")) and site.value not in seen:
            seen.add(site.value)
            yield site


def _lots(form: Element, pen: Pen) -> Iterator[Lot]:
    for lot in (e for label in LOTS for e in find_all(form, f".//{label}")):
        codes_ = tuple(c for e in find_all(lot, "CPV/CPV_MAIN", "CPV/CPV_ADDITIONAL") if (c := _code(e, pen)))
        costs = find(lot, ".//COSTS_RANGE_AND_CURRENCY")
        yield Lot(
            id=text(find_any(lot, "LOT_NUMBER", "ITEM")) or lot.get("ITEM", ""),
            title=_said(find_any(lot, "LOT_TITLE", "TITLE"), pen, "Annex B"),
            description=_said(find_any(lot, "LOT_DESCRIPTION", "SHORT_CONTRACT_DESCRIPTION"), pen, "Annex B"),
            cpv=codes_,
            value=_costs(costs, pen, "Annex B")[0],
            **_period(find_any(lot, ".//PERIOD_WORK_DATE_STARTING", ".//PERIOD"), pen),
        )


def _amount(element: Element) -> str:
    """The amount as printed; the attribute FMTVAL, which some publishers scaled wrongly, only where the text is no number."""
    return text(element) if decimal(text(element)) is not None else element.get("FMTVAL", "") or text(element)


def _costs(costs: Element | None, pen: Pen, section: str) -> tuple[Field | None, Field | None]:
    """The value (of a range the upper end) and whether VAT is in it."""
    if costs is None:
        return None, None
    high, low = find(costs, ".//HIGH_VALUE"), find(costs, ".//LOW_VALUE")
    amount = high if high is not None else find(costs, "VALUE_COST")
    if amount is None:
        return None, None
    value = pen.money(_amount(amount), costs.get("CURRENCY", ""), place(amount, section))
    if value and high is not None and low is not None:
        pen.doubt("value.range", value.place, low=_amount(low), high=value.value)
    said = find_any(costs, "EXCLUDING_VAT", "INCLUDING_VAT")
    vat = Field("excluded" if name(said) == "EXCLUDING_VAT" else "included", place(said, section), name(said)) if said is not None else None
    return value, vat


def _value(form: Element, awards: tuple[Award, ...], pen: Pen) -> tuple[Field | None, str, Field | None]:
    total = find_any(form, ".//TOTAL_FINAL_VALUE/COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE")
    if total is not None and (found := _costs(total, pen, "II.2.1"))[0]:
        return found[0], "awarded", found[1]
    for scope in ("NATURE_QUANTITY_SCOPE", "QUANTITY_SCOPE", "TYPE_OF_WORKS_CONTRACT"):
        value, vat = _costs(find(form, f".//{scope}//COSTS_RANGE_AND_CURRENCY"), pen, "II.2.1")
        if value:
            return value, "estimated", vat or Field("excluded", value.place, value.verbatim, "derived", rules.FROM_FORM_VAT())
    if len(awards) == 1 and (only := awards[0].value):
        return Field(only.value, only.place, only.verbatim, "derived", rules.FROM_AWARD()), "awarded", None
    return None, "", None


def _date(holder: Element | None, pen: Pen, section: str) -> Field | None:
    if holder is None:
        return None
    parts = [text(find(holder, label)) for label in ("YEAR", "MONTH", "DAY")]
    return pen.day("-".join(part.zfill(2) for part in parts), place(holder, section)) if all(parts) else None


def _period(period: Element | None, pen: Pen) -> dict[str, Any]:
    start, end = (_date(find(period, f".//{label}"), pen, "II.3") for label in ("START_DATE", "END_DATE"))
    duration = None
    for label, unit in (("MONTHS", "MONTH"), ("DAYS", "DAY")):
        if (element := find(period, f".//{label}")) is not None and text(element):
            duration = duration or pen.duration(text(element), unit, place(element, "II.3"))
    if duration is None and start and end and start.value <= end.value:
        duration = Field(months_between(start.value, end.value), end.place, f"{start.verbatim} to {end.verbatim}", "derived", rules.FROM_DATES())
    return {"start": start, "end": end, "duration": duration}


def _deadline(holder: Element | None, zone: str, pen: Pen) -> Field | None:
    if holder is None:
        return None
    year, month, on_day = (text(find(holder, label)).zfill(2) for label in ("YEAR", "MONTH", "DAY"))
    return pen.deadline(f"{year}-{month}-{on_day}", text(find(holder, "TIME")), place(holder, "IV.3.4"), zone)


def _procedure(form: Element) -> Field | None:
    holder = next((e for e in form.iter() if isinstance(e.tag, str) and name(e).startswith("TYPE_OF_PROCEDURE")), None)
    for element in holder.iter() if holder is not None else ():
        if isinstance(element.tag, str) and (says := ted_forms.procedure(name(element))):
            return Field(says, place(element, "IV.1.1"), name(element))
    return None


def _techniques(form: Element) -> Iterator[Field]:
    for element in form.iter():
        if name(element).endswith(("_FRAMEWORK", "FRAMEWORK_AGREEMENT")) and not name(element).startswith("NO_"):
            yield Field("framework", place(element, "II.1.3"), name(element))
            return


def _criteria(form: Element, pen: Pen) -> Iterator[Criterion]:
    if (lowest := find(form, ".//LOWEST_PRICE")) is not None:
        yield Criterion(kind=Field("price", place(lowest, "IV.2.1"), "LOWEST_PRICE"))
    for element in find_all(form, ".//CRITERIA_DEFINITION"):
        yield Criterion(
            kind=Field("unspecified", place(element, "IV.2.1"), name(element)),
            name=_said(find(element, "CRITERIA"), pen, "IV.2.1"),
            weight=_said(find(element, "WEIGHTING"), pen, "IV.2.1"),
        )


def _awards(form: Element, pen: Pen) -> Iterator[Award]:
    for element in form.iter():
        if not isinstance(element.tag, str) or name(element) not in {"AWARD_OF_CONTRACT", "AWARD_AND_CONTRACT_VALUE", "AWARD_OF_CONTRACT_DEFENCE"}:
            continue
        final = find_any(element, ".//COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE")
        first = find(element, ".//INITIAL_ESTIMATED_TOTAL_VALUE_CONTRACT")
        operators = find_all(element, ".//ECONOMIC_OPERATOR_NAME_ADDRESS")
        names = (_said(find_any(o, ".//ORGANISATION/OFFICIALNAME", ".//ORGANISATION"), pen, "V.3") for o in operators)
        received = find_any(element, ".//OFFERS_RECEIVED_NUMBER")
        yield Award(
            id=text(find_any(element, ".//CONTRACT_NUMBER")),
            lot=text(find_any(element, ".//LOT_NUMBER")),
            title=_said(find_any(element, ".//CONTRACT_TITLE", ".//TITLE_CONTRACT"), pen, "V"),
            suppliers=tuple(Supplier(name=found) for found in names if found),
            value=_costs(final, pen, "V.4")[0],
            estimated=_costs(first, pen, "V.4")[0],
            tenders=pen.text(text(received), place(received, "V.2")) if received is not None else None,
            signed_on=_date(find_any(element, ".//CONTRACT_AWARD_DATE", ".//DATE_OF_CONTRACT_AWARD"), pen, "V.1"),
        )


def _documents(form: Element, pen: Pen) -> Iterator[Document]:
    for label, kind in (("URL_INFORMATION", "procurement documents"), ("URL_PARTICIPATE", "submission")):
        for element in find_all(form, f".//{label}"):
            if url := _said(element, pen, "I.1"):
                yield Document(kind=Field(kind, url.place, label), url=url)


def _changes(form: Element, pen: Pen) -> Iterator[Field]:
    for element in form.iter():
        changes = name(element) in {"REPLACE", "ADD", "DELETE"} and find(element, ".//WHERE") is not None
        if changes and (found := _said(element, pen, "VI.3")):
            yield found
