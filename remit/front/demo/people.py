"""The thirty-two people of the demonstration: made up, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass, field

ISSUERS = {
    "Bilanzbuchhalter": ("IHK München und Oberbayern", "DE"),
    "Steuerfachangestellter": ("Steuerberaterkammer München", "DE"),
    "ACCA": ("Association of Chartered Certified Accountants", "GB-EAW"),
    "CA (ICAI)": ("Institute of Chartered Accountants of India", "IN"),
    "CMA (India)": ("Institute of Cost Accountants of India", "IN"),
    "Дипломиран експерт-счетоводител": ("Институт на дипломираните експерт-счетоводители", "BG"),
    "Wirtschaftsprüfer": ("Wirtschaftsprüferkammer", "DE"),
}
"""Who issues a credential, and where it counts."""


@dataclass(frozen=True)
class Someone:
    """`credentials`: (kind, from, until or "", proof: verified, pending or self_declared). `roles`: those of the log-in; empty: no log-in."""

    name: str
    mail: str
    site: str
    level: int
    years_since: str
    languages: dict[str, str]
    software: tuple[str, ...] = ()
    credentials: tuple[tuple[str, str, str, str], ...] = ()
    roles: tuple[str, ...] = ()
    services: tuple[str, ...] = ("bookkeeping",)
    known: bool = field(default=True)
    """False: only the five columns are on file, the rest is unknown."""


RILA = (
    Someone(
        "Maya Dimitrova",
        "maya",
        "Sofia",
        4,
        "2010-03-01",
        {"en": "C2", "de": "C1", "bg": "C2"},
        ("DATEV",),
        (("ACCA", "2014-06-01", "", "verified"),),
        ("administrator", "signatory", "manager", "biller"),
    ),
    Someone(
        "Georgi Stanev",
        "georgi",
        "Sofia",
        4,
        "2008-09-01",
        {"de": "C1", "en": "C1", "bg": "C2"},
        ("DATEV",),
        (("Bilanzbuchhalter", "2012-05-01", "", "verified"), ("Дипломиран експерт-счетоводител", "2015-02-01", "", "verified")),
        ("reviewer",),
    ),
    Someone("Divya Rao", "divya", "Sofia", 2, "2017-07-01", {"en": "C2", "de": "B2"}, ("DATEV",), (("ACCA", "2021-01-01", "", "verified"),), ("preparer",)),
    Someone(
        "Arun Iyer", "arun", "Sofia", 3, "2013-01-01", {"en": "C2", "de": "B2"}, ("DATEV",), (("ACCA", "2016-03-01", "2027-03-03", "verified"),), ("reviewer",)
    ),
    Someone(
        "Elena Koleva",
        "elena",
        "Sofia",
        3,
        "2014-04-01",
        {"en": "C1", "de": "C1", "bg": "C2"},
        ("DATEV",),
        (("Bilanzbuchhalter", "2019-05-01", "", "pending"),),
        ("reviewer",),
    ),
    Someone(
        "Amine Berrada",
        "amine",
        "Casablanca",
        2,
        "2018-02-01",
        {"fr": "C2", "en": "C1", "de": "B1"},
        ("DATEV",),
        (("ACCA", "2022-09-01", "", "self_declared"),),
        ("preparer",),
    ),
    Someone("Salma Idrissi", "salma", "Casablanca", 2, "2019-10-01", {"fr": "C2", "en": "B2"}),
    Someone("Nikolay Petkov", "nikolay", "Sofia", 2, "2020-05-01", {"bg": "C2", "en": "C1", "de": "B2"}, ("DATEV",), (), ("preparer",)),
    Someone("Ivana Mincheva", "ivana", "Sofia", 1, "2024-09-01", {"bg": "C2", "en": "B2", "de": "B1"}, ("DATEV",)),
    Someone(
        "Radoslav Iliev",
        "radoslav",
        "Sofia",
        3,
        "2012-11-01",
        {"bg": "C2", "en": "C1", "de": "B2"},
        ("DATEV",),
        (("Steuerfachangestellter", "2013-07-01", "2026-12-31", "verified"),),
    ),
    Someone("Teodora Vasileva", "teodora", "Sofia", 2, "2026-12-01", {}, known=False),
)
KAVERI = (
    Someone(
        "Kavitha Menon",
        "kavitha",
        "Bengaluru",
        5,
        "2003-06-01",
        {"en": "C2"},
        ("Tally", "Xero"),
        (("CA (ICAI)", "2006-01-01", "", "verified"),),
        ("administrator", "signatory", "manager", "biller"),
    ),
    Someone(
        "Rohan Deshpande",
        "rohan",
        "Bengaluru",
        3,
        "2012-06-01",
        {"en": "C2", "de": "B1"},
        ("Xero",),
        (("CA (ICAI)", "2015-01-01", "", "verified"),),
        ("reviewer",),
    ),
    Someone("Lakshmi Nair", "lakshmi", "Bengaluru", 2, "2018-06-01", {"en": "C1"}, ("Xero",), (("CMA (India)", "2020-01-01", "", "verified"),), ("preparer",)),
    Someone("Imran Shaikh", "imran", "Bengaluru", 2, "2019-01-01", {"en": "C1"}, ("Xero",), (("CA (ICAI)", "2021-01-01", "", "pending"),), ("preparer",)),
    Someone("Ananya Bhat", "ananya", "Bengaluru", 3, "2014-03-01", {"en": "C2", "de": "B2"}, ("Xero",), (("CA (ICAI)", "2017-01-01", "", "verified"),)),
    Someone("Vikram Sethi", "vikram", "Bengaluru", 1, "2023-08-01", {"en": "C1"}, ("Tally",)),
    Someone("Meera Joshi", "meera", "Bengaluru", 2, "2020-02-01", {"en": "C1"}, ("Xero",)),
)
PUNE = (
    Someone(
        "Sunil Patil",
        "sunil",
        "Pune",
        4,
        "2009-01-01",
        {"en": "C2"},
        ("Xero",),
        (("CA (ICAI)", "2011-01-01", "", "verified"),),
        ("administrator", "signatory", "manager", "biller"),
    ),
    Someone("Priya Kulkarni", "priya", "Pune", 2, "2018-01-01", {"en": "C1"}, ("Xero",), (("CMA (India)", "2019-01-01", "", "verified"),), ("preparer",)),
    Someone("Nikhil Gokhale", "nikhil", "Pune", 3, "2013-01-01", {"en": "C2"}, ("Xero",), (("CA (ICAI)", "2016-01-01", "", "verified"),), ("reviewer",)),
    Someone("Asha Kamble", "asha", "Pune", 1, "2024-01-01", {"en": "B2"}),
)
HALDEN = (
    Someone(
        "Petra Vogel", "petra", "München", 5, "2005-01-01", {"de": "C2", "en": "C1"}, roles=("administrator", "signatory", "approver", "requester"), services=()
    ),
    Someone("Jonas Weber", "jonas", "München", 3, "2015-01-01", {"de": "C2", "en": "B2"}, roles=("approver", "requester"), services=()),
    Someone("Lenka Horáková", "lenka", "München", 2, "2020-01-01", {"de": "C1", "en": "B2"}, roles=("requester",), services=()),
)
NORTHWIND = (
    Someone("Grace Whitman", "grace", "Leeds", 5, "2004-01-01", {"en": "C2"}, roles=("administrator", "signatory", "approver", "requester"), services=()),
    Someone("Owen Hughes", "owen", "Leeds", 3, "2016-01-01", {"en": "C2"}, roles=("approver", "requester"), services=()),
)
MARIN = (
    Someone(
        "Ivan Petrov",
        "ivan",
        "Frankfurt",
        4,
        "2009-01-01",
        {"de": "C2", "en": "C1", "bg": "C2"},
        credentials=(("Wirtschaftsprüfer", "2014-01-01", "", "verified"),),
        roles=("administrator", "auditor"),
        services=(),
    ),
    Someone("Julia Brandt", "julia", "Frankfurt", 3, "2016-01-01", {"de": "C2", "en": "C1"}, roles=("auditor",), services=()),
    Someone("Felix Neumann", "felix", "Frankfurt", 2, "2021-01-01", {"de": "C2", "en": "B2"}, services=()),
)
BROKER = (
    Someone("Hanna Brückner", "hanna", "Hamburg", 5, "2002-01-01", {"de": "C2", "en": "C1"}, roles=("administrator", "signatory", "requester"), services=()),
    Someone("Tobias Lenz", "tobias", "Hamburg", 3, "2017-01-01", {"de": "C2", "en": "C1"}, roles=("requester",), services=()),
)
EVERYONE = (*RILA, *KAVERI, *PUNE, *HALDEN, *NORTHWIND, *MARIN, *BROKER)
