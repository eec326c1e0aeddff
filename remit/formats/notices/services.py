"""A first, honest reading of which service of ours a notice may be: by CPV code and by words, with the reasons; "none of ours" is an answer too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from remit.domain.reasons import N_, Reason, Sentence
from remit.formats.notices.notice import Cpv, Field, Hint, Notice

BY_CPV = Sentence("hint.cpv", N_("CPV {cpv} stands for {what}."))
BY_GENERIC = Sentence("hint.cpv_generic", N_("CPV {cpv} covers a whole group ({what}) and decides little."))
BY_WORDS = Sentence("hint.words", N_("{where} says {words}."))
NOT_OURS = Sentence("hint.not_ours", N_("CPV {cpv} stands for {what}, which is none of our services."))
WORKS = Sentence("hint.works", N_("The notice is about works: none of our services."))
SUPPLIES = Sentence("hint.supplies", N_("The notice is about goods: none of our services."))
PRODUCT = Sentence("hint.product", N_("It may be a product rather than a service: {words}."))
TITLE, DESCRIPTION = N_("title"), N_("description")
NO_SIGN = Sentence("hint.no_sign", N_("Neither code nor words point to a service."))

OURS = {
    "79211110": ("payroll", N_("payroll management")), "79631": ("payroll", N_("personnel and payroll services")),
    "7921": ("bookkeeping", N_("accounting and auditing")),
    "79211": ("bookkeeping", N_("accounting")), "79212": ("audit", N_("auditing")), "7922": ("tax", N_("tax services")),
    "79120": ("patents", N_("patent and copyright consultancy")),
    "791": ("legal", N_("legal services")), "7931": ("research", N_("market research")), "7932": ("research", N_("public-opinion polling")),
    "7933": ("research", N_("statistical services")),
    "7941": ("advice", N_("business and management consultancy")), "7942": ("advice", N_("management-related services")),
    "79512": ("call-centre", N_("call centre")), "7951": ("call-centre", N_("telephone answering")),
    "79530": ("translation", N_("translation")), "79551": ("transcripts", N_("typing")),
    "7955": ("data-entry", N_("typing, word-processing and publishing services")),
    "7956": ("data-entry", N_("filing services")), "7957": ("data-entry", N_("mailing-list services")), "799991": ("data-entry", N_("scanning")),
    "799992": ("bookkeeping", N_("invoicing")),
    "7231": ("data-entry", N_("data processing")), "72316": ("research", N_("data analysis")), "73": ("research", N_("research and development")),
    "6617": ("investment", N_("financial consultancy")), "6614": ("investment", N_("portfolio management")),
    "66519600": ("investment", N_("actuarial services")),
    "6652": ("benefits", N_("pension services")), "7531": ("benefits", N_("benefit services")),
}  # fmt: skip
"""Service and meaning by the beginning of a code; the longest that fits counts."""
GENERIC = {
    "79000000": N_("business services"), "79200000": N_("accounting, auditing and fiscal services"),
    "79210000": N_("accounting and auditing services"), "79300000": N_("market and economic research"),
    "79400000": N_("business and management consultancy"), "79500000": N_("office-support services"),
    "79900000": N_("miscellaneous business services"), "66000000": N_("financial and insurance services"),
    "72000000": N_("IT services"), "72300000": N_("data services"), "98000000": N_("other services"), "79990000": N_("miscellaneous business services"),
}  # fmt: skip
OTHERS = {
    "45": N_("construction work"), "50": N_("repair and maintenance"), "51": N_("installation"), "55": N_("hotels, restaurants and retail"),
    "60": N_("transport"), "63": N_("transport support and travel"),
    "64": N_("post and telecommunications"), "65": N_("public utilities"), "66": N_("banking and insurance"), "70": N_("real estate"),
    "71": N_("architecture and engineering"), "72": N_("IT services"),
    "75": N_("public administration"), "76": N_("oil and gas services"), "77": N_("agriculture and forestry"), "79": N_("other business services"),
    "80": N_("education and training"),
    "85": N_("health and social work"), "90": N_("sewage, refuse and cleaning"), "92": N_("recreation, culture and sport"),
    "98": N_("other community services"), "796": N_("recruitment and supply of staff"),
    "797": N_("investigation and security"), "798": N_("printing"), "7934": N_("advertising and marketing"), "7995": N_("events"),
    "79994": N_("contract administration"), "665": N_("insurance"), "661": N_("banking"),
    "794152": N_("design consultancy"), "7994": N_("collection agency services"), "7954": N_("interpretation"), "7952": N_("reprographic services"),
    "7997": N_("publishing"), "7996": N_("photographic services"), "7993": N_("design"),
}  # fmt: skip
WORDS = {
    "payroll": (
        r"payroll\b", r"payslips?\b", r"Lohnbuchhaltung", r"Lohn- und Gehalt", r"Lohnabrechnung", r"paie\b", r"payes?\b", r"płac\w*\b",
        r"salarisadministratie", r"bérszámfejt", r"lønn",
    ),
    "bookkeeping": (
        r"book-?keeping\b", r"accountancy\b", r"accounting services?\b", r"accounts? (?:payable|receivable)\b", r"Buchhaltung", r"Buchführung",
        r"comptab(?:le|ilité)\b", r"ksi[eę]gow", r"boekhoud", r"contabil", r"счетоводн", r"λογιστικ", r"könyvel", r"kirjanpito",
    ),
    "audit": (
        r"audit(?:s|ing|ors?)?\b", r"Abschlussprüfung", r"Wirtschaftsprüf", r"commissaires? aux comptes", r"revision(?:stjänster|sydelser)?\b",
        r"tilintarkast", r"badani\w+ sprawozda", r"revizij", r"revisori?\b", r"одит", r"könyvvizsg",
    ),
    "tax": (
        r"tax (?:advice|returns?|compliance|consult\w+|services?)\b", r"VAT (?:returns?|advice|consult\w+)\b", r"Steuerberatung", r"conseil fiscal",
        r"doradztw\w+ podatk", r"asesor\w+ fiscal", r"consulenza fiscale",
    ),
    "legal": (
        r"legal (?:services?|advice|support|aid|counsel|work|panel)\b", r"solicitors?\b", r"law(?:yers?| firms?)\b", r"barristers?\b",
        r"Rechtsberat", r"Rechtsanw", r"juridi(?:ques?|sch\w*|sk\w*|cos?)\b", r"avocats?\b", r"obsług\w+ prawn", r"prawn(?:ej|ych|a)\b", r"advoca",
        r"юридическ", r"νομικ", r"právn", r"jogi\b", r"oikeudelli", r"lakipalvelu", r"servizi legali\b",
    ),
    "patents": (
        r"patents?\b", r"trade ?marks?\b", r"intellectual property\b", r"Patentanwalt", r"brevets?\b",
    ),
    "transcripts": (
        r"transcri(?:pts?|ptions?|be|bing)\b", r"stenograph\w*", r"court report\w*", r"verbatim record", r"Protokollierung", r"transcription\b",
        r"stenogram",
    ),
    "research": (
        r"(?:market |user |social |economic )?research\b", r"surveys?\b", r"evaluation of\b", r"feasibility study\b", r"stud(?:y|ies)\b",
        r"Forschung", r"Umfrage", r"[ée]tude\b", r"enquête\b", r"badani(?:a|e|owych)\b", r"onderzoek", r"ricerca\b", r"forskning", r"tutkimu",
        r"изследван", r"έρευν",
    ),
    "data-entry": (
        r"data (?:entry|capture|cleansing|preparation)\b", r"digiti[sz]ation\b", r"scanning\b", r"Datenerfassung", r"saisie de données",
    ),
    "call-centre": (
        r"call[- ]cent(?:re|er)s?\b", r"contact[- ]cent(?:re|er)s?\b", r"helpline\b", r"telephone answering\b", r"Telefonzentrale", r"Telefondienst",
        r"centre d'appels?", r"customer service (?:centre|desk)\b",
    ),
    "translation": (
        r"translations?\b", r"translators?\b", r"Übersetz", r"traductions?\b", r"tłumacze", r"vertal(?:ing|en)", r"prevajan",
    ),
    "investment": (
        r"financial (?:model\w*|consult\w+|advi[sc]\w+)\b", r"risk (?:analysis|assessment|management)\b", r"due diligence\b",
        r"investment (?:advi\w+|analysis|management|consult\w+)\b", r"actuar\w+",
    ),
    "benefits": (
        r"pensions? (?:administration|services?)\b", r"benefits? administration\b", r"third[- ]party administrat",
    ),
    "advice": (
        r"consultan(?:cy|ts?)\b", r"advisory services?\b", r"Unternehmensberatung", r"management consult", r"conseil en (?:gestion|management)",
        r"doradztw", r"consulenza\b", r"konsult(?:er|tjänster)\b",
    ),
}  # fmt: skip
PATTERNS = {service: re.compile(rf"\b(?:{'|'.join(words)})\w*", re.IGNORECASE) for service, words in WORDS.items()}
"""Each at the beginning of a word, said once in front since that lets the search skip most of a text; the rest of the word is quoted with it."""
GOODS = re.compile(
    r"\b(?:licen[cs]es?|software|subscriptions?|platform|solutions?|database access|supply of|purchase of|equipment|hardware|printing of)\b"
    r"|Lieferung von|\bLizenz|\bfourniture de\b|\bdostaw",
    re.IGNORECASE,
)
COMPONENTS = re.compile(r"\b(?:components?|spare parts)\b|Ersatzteil|\bpièces (?:de rechange|détachées)", re.IGNORECASE)


def hint(notice: Notice) -> Hint:
    """By nature first, then the main code against the words of title and description."""
    if notice.nature and notice.nature.value == "works":
        return Hint("", "none", (WORKS(),))
    words = dict(_words(notice))
    if notice.nature and notice.nature.value == "supplies":
        parts = notice.title and COMPONENTS.search(notice.title.value)
        return Hint("component-supply", "possible", (BY_WORDS(where=TITLE, words=parts[0]),)) if parts else Hint("", "none", (SUPPLIES(),))
    service, ours, reason = _by_code(notice.cpv)
    product = _product(notice)
    reasons = [reason] if reason else []
    strongest = max(words, key=lambda key: (words[key][0], key == service), default="")
    if service:
        said = words.get(service)
        others = tuple(key for key in words if key != service)
        reasons += [said[1]] if said else []
        rival = strongest if strongest != service and words.get(strongest, (0,))[0] >= 3 and not said else ""
        reasons += [words[rival][1]] if rival else []
        return Hint(service, "possible" if rival or product else "likely", (*reasons, *product), others)
    if words and (ours or words[strongest][0] >= 3):
        reasons.append(words[strongest][1])
        return Hint(strongest, "possible", (*reasons, *product), tuple(key for key in words if key != strongest))
    if notice.cpv is None and not words:
        return Hint("", "unknown", (NO_SIGN(),))
    return Hint("", "unknown" if ours else "none", (*(reasons or [NO_SIGN()]), *product), tuple(words))


def _by_code(cpv: Cpv | None) -> tuple[str, bool, Reason | None]:
    """The service, whether the code leaves room for one of ours, and the reason."""
    if cpv is None:
        return "", True, None
    code = cpv.code.value
    if code in GENERIC:
        return "", True, BY_GENERIC(cpv=code, what=GENERIC[code])
    ours = max((prefix for prefix in OURS if code.startswith(prefix)), key=len, default="")
    other = max((prefix for prefix in OTHERS if code.startswith(prefix)), key=len, default="")
    if len(ours) > len(other) or (ours and len(ours) == len(other)):
        service, what = OURS[ours]
        return service, True, BY_CPV(cpv=code, what=what)
    if other:
        return "", False, NOT_OURS(cpv=code, what=OTHERS[other])
    return "", False, NOT_OURS(cpv=code, what=N_("goods"))


def _words(notice: Notice) -> Iterator[tuple[str, tuple[int, Reason]]]:
    """Service to weight and reason; a word of the title weighs three, of the descriptions one."""
    lots = [text for lot in notice.lots for text in (lot.title, lot.description) if text]
    bodies = [body for body in (notice.description, *lots) if body]
    for service, pattern in PATTERNS.items():
        weight, first, where = 0, "", ""
        for text, worth, label in (*([(notice.title, 3, TITLE)] if notice.title else []), *((body, 1, DESCRIPTION) for body in bodies)):
            if found := pattern.search(text.value[:20_000]):
                weight += worth
                first, where = (first, where) if first else (found[0], label)
        if weight:
            yield service, (min(weight, 6), BY_WORDS(where=where, words=f"“{first}”"))


def _product(notice: Notice) -> tuple[Reason, ...]:
    return (PRODUCT(words=f"“{found[0]}”"),) if (found := product_words(notice)) else ()


def product_words(notice: Notice) -> re.Match[str] | None:
    """The words of the title, or of a short description, that name a product."""
    short: list[Field] = [f for f in (notice.title, notice.description) if f and len(f.value) <= 150]
    return next((found for field in short if (found := GOODS.search(field.value))), None)
