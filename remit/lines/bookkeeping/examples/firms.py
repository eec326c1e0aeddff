"""The made-up firms of the examples: who they are, whom they pay and who pays them. IBANs carry valid check digits; none is anybody's account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def iban(country: str, bban: str) -> str:
    """With check digits by ISO 7064 mod 97-10."""
    digits = "".join(str(int(letter, 36)) for letter in f"{bban}{country}00")
    return f"{country}{98 - int(digits) % 97:02}{bban}"


@dataclass(frozen=True)
class Partner:
    """A customer or supplier."""

    name: str
    account: str


@dataclass(frozen=True, kw_only=True)
class Firm:
    """An entity with its partners; `chart` names the ledger accounts that its entries use, by what they are for."""

    name: str
    country: str
    iban: str
    chart: str
    customers: tuple[Partner, ...]
    suppliers: tuple[Partner, ...]
    accounts: Mapping[str, tuple[str, str]]
    words: Mapping[str, str] = field(default_factory=dict)
    """The ledger's texts, by what they are for; the bank writes `bank_invoice`, in its own letters."""
    mapping: Mapping[str, object] = field(default_factory=dict)
    currency: str = "EUR"

    def number(self, use: str) -> str:
        """The account's number."""
        return self.accounts[use][0]

    @property
    def names(self) -> dict[str, str]:
        """Name by number."""
        return dict(self.accounts.values())


def _german(names: tuple[str, ...], bank: int) -> tuple[Partner, ...]:
    return tuple(Partner(name, iban("DE", f"{bank + 1000 * at:08}{3_100_200 + 7_919 * at:010}")) for at, name in enumerate(names))


def _bulgarian(names: tuple[str, ...]) -> tuple[Partner, ...]:
    return tuple(Partner(name, iban("BG", f"RLBK9155{10:02}{20_114_300 + 6_101 * at:08}")) for at, name in enumerate(names))


def _czech(names: tuple[str, ...]) -> tuple[Partner, ...]:
    return tuple(Partner(name, iban("CZ", f"0800000000{20_114_300 + 6_101 * at:010}")) for at, name in enumerate(names))


SKR03 = {
    "bank": ("1200", "Bank"),
    "customers": ("1400", "Forderungen aus Lieferungen und Leistungen"),
    "suppliers": ("1600", "Verbindlichkeiten aus Lieferungen und Leistungen"),
    "transit": ("1360", "Geldtransit"),
    "wages": ("1740", "Verbindlichkeiten aus Lohn und Gehalt"),
    "input_vat": ("1576", "Abziehbare Vorsteuer 19 %"),
    "output_vat": ("1776", "Umsatzsteuer 19 %"),
    "fees": ("4970", "Nebenkosten des Geldverkehrs"),
    "rent": ("4210", "Miete"),
    "goods": ("3400", "Wareneingang 19 % Vorsteuer"),
    "sales": ("8400", "Erlöse 19 % USt"),
    "retained": ("0860", "Gewinnvortrag vor Verwendung"),
    "capital": ("0800", "Gezeichnetes Kapital"),
    "labour": ("4120", "Gehälter"),
}

GERMAN = {
    "bank_invoice": "Rechnung",
    "invoice": "Rechnung",
    "receipt": "Zahlungseingang",
    "purchase": "Eingangsrechnung",
    "payment": "Zahlung",
    "batch": "Sammelüberweisung",
    "cards": "Kartenumsatz",
    "card_service": "Isar Bank Kartenservice",
    "rent": "Miete",
    "landlord": "Hausverwaltung Isartor",
    "wages": "Gehälter",
    "payroll": "Gehaltskonto",
    "fee": "KONTOFUEHRUNG",
}

BULGARIAN = {
    "bank_invoice": "Faktura",
    "invoice": "Фактура",
    "receipt": "Постъпление по фактура",
    "purchase": "Покупка по фактура",
    "payment": "Плащане по фактура",
    "batch": "Masovo plashtane",
    "cards": "POS",
    "card_service": "Rila Bank POS",
    "rent": "Naem ofis",
    "landlord": "Imoti Vitosha OOD",
    "wages": "Zaplati",
    "payroll": "Vedomost zaplati",
    "fee": "TAKSA OBSLUZHVANE",
}

GERMAN_CSV = {
    "columns": {
        "booked_on": "Buchungsdatum",
        "voucher": "Beleg",
        "account": "Konto",
        "account_name": "Kontobezeichnung",
        "debit": "Soll",
        "credit": "Haben",
        "text": "Buchungstext",
        "counterparty": "Geschäftspartner",
        "reference": "Rechnungsnummer",
    },
    "dates": "day_first",
    "decimal": ",",
    "currency": "EUR",
    "opening_voucher": "EB",
}

HALDEN = Firm(
    name="Halden Instruments GmbH",
    country="DE",
    iban=iban("DE", "700918000012344471"),
    chart="skr03",
    customers=_german(
        (
            *("Optik Nord GmbH", "Sehwerk Hamburg AG", "Brillenhaus Seidel KG", "Lensmeister GmbH", "Augenzentrum Passau", "Feinblick GmbH"),
            *("Optotec Jena AG", "Laborbedarf Wagner", "Messtechnik Ulm GmbH", "Prisma Systems GmbH", "Klinikum Rosenheim", "Photon Sensorik AG"),
        ),
        20_050_100,
    ),
    suppliers=_german(
        (
            *("Linde Präzision", "Kessler Optik", "Reuter Glas", "Brandt Logistik", "Stahl & Söhne", "Vogt Elektronik GmbH"),
            *("Stadtwerke München", "Bürohaus Krüger", "Telekontor AG", "Werkzeug Bauer", "Nagel Verpackung", "Druckerei Sommer"),
        ),
        37_040_200,
    ),
    accounts=SKR03,
    words=GERMAN,
    mapping=GERMAN_CSV,
)

VITOSHA = Firm(
    name="Vitosha Optics EOOD",
    country="BG",
    iban=iban("BG", "RLBK91551012077318"),
    chart="bg",
    customers=_bulgarian(("Lupa Sofia OOD", "Optika Plovdiv EOOD", "Zrenie 2000 AD", "Meditsinski Tsentar Varna", "Lazer Burgas OOD", "Halden Instruments")),
    suppliers=_bulgarian(("Steklo Pernik AD", "Transpres Kargo OOD", "Elektrorazpredelenie Zapad", "Ofis Plyus EOOD", "Metalik Ruse OOD", "Telekom BG EAD")),
    accounts={
        "bank": ("503", "Разплащателна сметка"),
        "customers": ("411", "Клиенти"),
        "suppliers": ("401", "Доставчици"),
        "transit": ("499", "Други кредитори"),
        "wages": ("421", "Персонал"),
        "input_vat": ("4531", "Начислен данък за покупките"),
        "output_vat": ("4532", "Начислен данък за продажбите"),
        "fees": ("629", "Други финансови разходи"),
        "rent": ("602", "Разходи за външни услуги"),
        "goods": ("304", "Стоки"),
        "sales": ("702", "Приходи от продажби на стоки"),
        "retained": ("122", "Неразпределена печалба"),
        "capital": ("101", "Основен капитал"),
        "labour": ("604", "Разходи за заплати"),
    },
    words=BULGARIAN,
    mapping={
        "columns": {
            "booked_on": "Дата",
            "voucher": "Документ",
            "account": "Сметка",
            "account_name": "Име на сметка",
            "debit": "Дебит",
            "credit": "Кредит",
            "text": "Основание",
            "counterparty": "Контрагент",
            "reference": "Фактура",
        },
        "dates": "day_first",
        "decimal": ",",
        "currency": "EUR",
        "opening_voucher": "НС",
    },
)

NORDLICHT = Firm(
    name="Nordlicht Verlag GmbH",
    country="DE",
    iban=iban("DE", "200918000098127730"),
    chart="skr03",
    customers=_german(("Buchhandlung Meyer", "Lesen & Mehr GmbH", "Universität Kiel", "Papierfuchs KG"), 21_050_400),
    suppliers=_german(("Druckhaus Förde", "Spedition Thiel", "Lektorat Arndt"), 21_070_300),
    accounts=SKR03,
    words=GERMAN,
    mapping=GERMAN_CSV,
)

BRNO = Firm(
    name="Halden Optika s.r.o.",
    country="CZ",
    iban=iban("CZ", "01000000002000145399"),
    chart="own",
    customers=_czech(("Optika Brno a.s.", "Sklo Morava s.r.o.", "Labor Olomouc s.r.o.", "Nemocnice Zlin p.o.", "Halden Instruments", "Foto Praha a.s.")),
    suppliers=_czech(("Kovo Liberec s.r.o.", "Elektro Praha a.s.", "Auto Jihlava s.r.o.", "Obaly Hodonin s.r.o.", "Energie Brno a.s.", "Tisk Blansko s.r.o.")),
    accounts={
        "bank": ("221", "Bankovní účty"),
        "customers": ("311", "Odběratelé"),
        "suppliers": ("321", "Dodavatelé"),
        "transit": ("261", "Peníze na cestě"),
        "wages": ("331", "Zaměstnanci"),
        "input_vat": ("343100", "DPH na vstupu 21 %"),
        "output_vat": ("343200", "DPH na výstupu 21 %"),
        "fees": ("568", "Ostatní finanční náklady"),
        "rent": ("518", "Ostatní služby"),
        "goods": ("131", "Pořízení zboží"),
        "sales": ("604", "Tržby za zboží"),
        "retained": ("428", "Nerozdělený zisk minulých let"),
        "capital": ("411", "Základní kapitál"),
        "labour": ("521", "Mzdové náklady"),
    },
    words={
        "bank_invoice": "Faktura",
        "invoice": "Faktura",
        "receipt": "Úhrada faktury",
        "purchase": "Přijatá faktura",
        "payment": "Platba faktury",
        "batch": "Hromadna platba",
        "cards": "Platby kartou",
        "card_service": "Morava Banka terminaly",
        "rent": "Najem",
        "landlord": "Reality Spilberk s.r.o.",
        "wages": "Mzdy",
        "payroll": "Vyplatni ucet",
        "fee": "POPLATEK ZA VEDENI UCTU",
    },
    mapping={
        "columns": {
            "booked_on": "Datum",
            "voucher": "Doklad",
            "account": "Účet",
            "account_name": "Název účtu",
            "debit": "Má dáti",
            "credit": "Dal",
            "text": "Popis",
            "counterparty": "Partner",
            "reference": "Číslo faktury",
        },
        "dates": "day_first",
        "decimal": ",",
        "currency": "CZK",
        "opening_voucher": "PS",
    },
    currency="CZK",
)
