"""VAT on an invoice, as EN 16931 sees it: parties, treatments, and what each treatment asks of both parties."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Literal

from remit.domain.money import Money
from remit.domain.reasons import N_, Reason, Sentence

EN_16931 = "EN 16931-1:2017"

Category = Literal["S", "Z", "E", "AE", "K", "G", "O"]
CATEGORIES: dict[Category, str] = {
    "S": N_("VAT"),
    "Z": N_("VAT at zero rate"),
    "E": N_("Exempt from VAT"),
    "AE": N_("VAT, reverse charge"),
    "K": N_("Intra-community supply"),
    "G": N_("Export, free of VAT"),
    "O": N_("Outside the scope of VAT"),
}

SELLER_NAME = Sentence("billing.seller_name", N_("The seller has no name."))
SELLER_COUNTRY = Sentence("billing.seller_country", N_("The seller's address has no country."))
BUYER_NAME = Sentence("billing.buyer_name", N_("The buyer has no name."))
BUYER_COUNTRY = Sentence("billing.buyer_country", N_("The buyer's address has no country."))
UNIDENTIFIED = Sentence("billing.seller_unidentified", N_("The seller has neither a VAT identifier nor a register number."))
VAT_PREFIX = Sentence("billing.vat_prefix", N_("The VAT identifier {vat_id} does not begin with a country's two letters."))
SELLER_TAX_ID = Sentence("billing.seller_tax_id", N_("“{tax_category}” asks for the seller's VAT identifier or tax number."))
SELLER_VAT_ID = Sentence("billing.seller_vat_id", N_("“{tax_category}” asks for the seller's VAT identifier."))
BUYER_TAX_ID = Sentence("billing.buyer_tax_id", N_("“{tax_category}” asks for the buyer's VAT identifier or register number."))
BUYER_VAT_ID = Sentence("billing.buyer_vat_id", N_("“{tax_category}” asks for the buyer's VAT identifier."))
RATE = Sentence("billing.tax_rate", N_("“{tax_category}” cannot have the rate {rate} %."))
WHY_EXEMPT = Sentence("billing.exemption_missing", N_("“{tax_category}” asks for the reason, in words or by its VATEX code."))
NO_EXEMPTION = Sentence("billing.exemption_idle", N_("“{tax_category}” has a rate of its own and can name no reason of exemption."))
MIXED = Sentence("billing.out_of_scope_mixed", N_("An invoice outside the scope of VAT cannot hold lines with VAT."))
TWO_REASONS = Sentence("billing.two_exemptions", N_("“{tax_category}” stands on the invoice with two reasons; draw two invoices."))


@dataclass(frozen=True, kw_only=True)
class TaxTreatment:
    """How VAT falls on a supply, as the agreement froze it; `rate` in per cent.

    S standard rate, Z zero rate, E exempt, AE reverse charge, K intra-community supply, G export, O outside the scope of VAT (UNCL 5305).
    `exemption` is the reason in words, `exemption_code` its VATEX code (VATEX-EU-AE).
    """

    category: Category
    rate: Decimal = Decimal(0)
    exemption: str = ""
    exemption_code: str = ""


@dataclass(frozen=True)
class TaxSum:
    """The VAT of one category and rate: on what, and how much."""

    treatment: TaxTreatment
    taxable: Money
    tax: Money


@dataclass(frozen=True, kw_only=True)
class Party:
    """A seller or buyer as invoices name it.

    `country` is ISO 3166-1 alpha-2; `registration` the register's number, `tax_number` the tax office's own (not VAT); `address` the electronic
    address under `scheme`, its EAS code (0088 GLN, 9930 German VAT id, EM mail).
    """

    name: str
    country: str
    street: str = ""
    city: str = ""
    postcode: str = ""
    vat_id: str = ""
    registration: str = ""
    tax_number: str = ""
    address: str = ""
    scheme: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""


EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL"}
    | {"PT", "RO", "SE", "SI", "SK"}
)
"""Member states of the European Union by their codes (ISO 3166-1)."""


def usual(seller: str, buyer: str) -> TaxTreatment | None:
    """How services to a business in another country are usually taxed, by both countries; None at home and where no rule of the Union says it.

    A place to start from: what holds is what the agreement says. Source: Articles 44 and 196 of Directive 2006/112/EC.
    """
    if seller == buyer or seller not in EU:
        return None
    if buyer in EU:
        return TaxTreatment(category="AE", exemption=N_("Reverse charge, Article 196 of Directive 2006/112/EC"))
    return TaxTreatment(category="O", exemption=N_("Supplied at the customer's place, Article 44 of Directive 2006/112/EC"))


def obstacles(seller: Party, buyer: Party, treatments: Collection[TaxTreatment]) -> tuple[Reason, ...]:
    """What keeps an invoice between the two from being valid under these treatments; rule ids are those of EN 16931."""
    found = [
        *_of_party(seller, (SELLER_NAME, "BR-06"), (SELLER_COUNTRY, "BR-09")),
        *_of_party(buyer, (BUYER_NAME, "BR-07"), (BUYER_COUNTRY, "BR-11")),
    ]
    if not (seller.vat_id or seller.registration):
        found.append(_reason(UNIDENTIFIED, "BR-CO-26"))
    by_rate: dict[tuple[str, Decimal], TaxTreatment] = {}
    for treatment in sorted(treatments, key=repr):
        found += _of_treatment(treatment, seller, buyer)
        if by_rate.setdefault((treatment.category, treatment.rate), treatment) != treatment:
            found.append(_reason(TWO_REASONS, "BR-45", tax_category=treatment.category))
    categories = {treatment.category for treatment in treatments}
    if "O" in categories and len(categories) > 1:
        found.append(_reason(MIXED, "BR-O-11"))
    return tuple(found)


def _reason(sentence: Sentence, rule: str, **values: Any) -> Reason:
    return sentence(rule_id=rule, rule_source=EN_16931, **values)


def _of_party(party: Party, nameless: tuple[Sentence, str], nowhere: tuple[Sentence, str]) -> list[Reason]:
    found = [_reason(*lacking) for value, lacking in ((party.name, nameless), (party.country, nowhere)) if not value.strip()]
    if party.vat_id and not (party.vat_id[:2].isascii() and party.vat_id[:2].isalpha()):
        found.append(_reason(VAT_PREFIX, "BR-CO-09", vat_id=party.vat_id))
    return found


def _of_treatment(treatment: TaxTreatment, seller: Party, buyer: Party) -> list[Reason]:
    category = treatment.category
    rule = "IC" if category == "K" else category
    say: Callable[..., Reason] = partial(_reason, tax_category=category)
    found = []
    if category in ("S", "Z", "E", "AE") and not (seller.vat_id or seller.tax_number):
        found.append(say(SELLER_TAX_ID, f"BR-{rule}-02"))
    if category in ("K", "G") and not seller.vat_id:
        found.append(say(SELLER_VAT_ID, f"BR-{rule}-02"))
    if category == "AE" and not (buyer.vat_id or buyer.registration):
        found.append(say(BUYER_TAX_ID, f"BR-{rule}-02"))
    if category == "K" and not buyer.vat_id:
        found.append(say(BUYER_VAT_ID, f"BR-{rule}-02"))
    if (treatment.rate <= 0) if category == "S" else (treatment.rate != 0):
        found.append(say(RATE, f"BR-{rule}-05", rate=treatment.rate))
    reasoned = bool(treatment.exemption or treatment.exemption_code)
    if category in ("S", "Z") and reasoned:
        found.append(say(NO_EXEMPTION, f"BR-{rule}-10"))
    if category not in ("S", "Z") and not reasoned:
        found.append(say(WHY_EXEMPT, f"BR-{rule}-10"))
    return found
