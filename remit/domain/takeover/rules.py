"""What can be wrong with the sheets of a relation that is taken over, in words, each with its remedy."""

from __future__ import annotations

from remit.domain.line import Finding, Place, Rule
from remit.domain.reasons import N_

_SOURCE = "docs/takeover.md"


def _error(code: str, says: str, source: str = _SOURCE) -> Rule:
    return Rule(f"takeover.{code}", "error", says, source)


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        _error("which_sheet", N_("{file} is none of the three sheets: its columns are not theirs. Take the template and keep its titles.")),
        _error("sheet_twice", N_("{file} and {other} are both a sheet of {sheet}. Bring one.")),
        _error("sheet_missing", N_("The sheet of {sheet} is missing. Bring it together with the others.")),
        _error("not_pdf", N_("{file} is neither a PDF nor a sheet (CSV or XLSX). Leave it out.")),
        _error("file_twice", N_("Two files are called {file}. Rename one.")),
        _error("encoding", N_("The text is not UTF-8 here, so its letters would be guessed. Save it as “CSV UTF-8”, or as XLSX.")),
        _error("too_large", N_("{file} has more than {most} bytes. A sheet of people, prices or a calendar is smaller: bring that.")),
        _error("column_missing", N_("The column “{title}” is missing. Add it; the template has it.")),
        _error("column_twice", N_("Two columns are called “{title}”. Leave one.")),
        _error("column_unknown", N_("“{title}” is no column of this sheet, and no question of a service. Leave it out, or write it as the template does.")),
        _error("no_header", N_("No line of titles was found. The first line holds the titles as the template has them.")),
        _error("value_missing", N_("“{title}” is empty. Fill it in.")),
        _error("too_long", N_("“{title}” has more than {most} characters. Shorten it.")),
        _error("formula", N_("{cell} holds a formula, and formulas are not worked out. Replace it by its value.")),
        _error("date", N_("“{text}” is no day. Write it as 2027-01-31.")),
        _error("month", N_("“{text}” is no month. Write it as 2027-01.")),
        _error("number", N_("“{text}” is no number. Write digits with a point, such as 1234.50.")),
        _error("below", N_("“{text}” is below {least}. Write a number from {least} on.")),
        _error("above", N_("“{text}” is above {most}. Write a number up to {most}.")),
        _error("level", N_("“{text}” is no level. Write 1 (clerk) to 5 (principal).")),
        _error("currency", N_("“{text}” is no currency. Write its three letters, such as EUR.")),
        _error("country", N_("“{text}” is no country. Write its two letters, such as DE.")),
        _error("zone", N_("“{text}” is no time zone. Write one such as Europe/Berlin.")),
        _error("mail", N_("“{text}” is no mail address. Write it as name@company.example.")),
        _error("choice", N_("“{text}” is none of: {choices}.")),
        _error("language", N_("“{text}” is no language with its level. Write the two letters and A1 to C2, such as “de C1”.")),
        _error("credential", N_("“{text}” is no credential. Write kind; issuer; jurisdiction; number; from; until, with the last two as days.")),
        _error("does", N_("“{text}” is no client with a step. Write the client, or the client and a step as in “Client: prepare”.")),
        _error("unbilled", N_("“{text}” is no unbilled work. Write day, hour or measure, and quantity, as in “2026-12-10 hour 2.5”.")),
        _error("open_item", N_("“{text}” is no open item. Write side, day, amount and text, as in “bank 2026-12-28 -12.50 Fee”.")),
        _error("order", N_("It would end on {until} before it begins on {since}. Put the days in order.")),
        _error("vat", N_("{text} is no VAT id of {country}: {why}. Copy it from the register."), "EU VIES formats and check digits, by python-stdnum"),
        _error("iban", N_("{text} is no IBAN: its check digits or its length are wrong. Copy it from the bank statement."), "ISO 13616"),
        _error("person_twice", N_("{name} stands in line {other} already. Leave one line a person.")),
        _error("mail_twice", N_("{mail} is the address of line {other} already. Each person has an address of their own.")),
        _error("site_unknown", N_("There is no site “{site}”. Write its country and zone beside it, and it is added.")),
        _error("site_differs", N_("The site “{site}” has another country or zone in line {other}. Write it the same.")),
        _error("service", N_("“{text}” is no service. Write one of: {choices}.")),
        _error("basis", N_("{service} is not priced by {basis}. Write one of: {choices}.")),
        _error("measure", N_("“{text}” is no measure of {service}. Write one of: {choices}.")),
        _error("measure_missing", N_("A price by unit says of what. Write one of: {choices}.")),
        _error("step", N_("“{text}” is no step of {client}'s work. Write one of: {choices}.")),
        _error("prices_overlap", N_("It counts while line {other} does for the same work. End that one where this begins.")),
        _error("prices_gap", N_("Nothing is priced from {since} until {until}. Let this one end where the next begins.")),
        _error("price_ends", N_("It ends on {since}, and no price follows. Leave the end out: a later price takes over from its own day.")),
        _error("price_currency", N_("{client} has prices in {currency} and {other} for one service. Bill one service in one currency.")),
        _error("price_unused", N_("The work calendar has no line of {client} for {service}. Add it, or leave the price out.")),
        _error("price_none", N_("{client} has no price for {service} on {on}. Add one to the sheet of prices.")),
        _error("unbilled_price", N_("No price of {client} counts for {what} of level {level} on {on}. Add it to the sheet of prices.")),
        _error("unbilled_term", N_("The work of {on} lies before the contract begins on {since}. Correct one of the days.")),
        _error("entity_twice", N_("{entity} stands in line {other} already for {service}. Leave one line an entity and service.")),
        _error("entity_differs", N_("{entity} has another {title} in line {other}. Write it the same in both.")),
        _error("terms_differ", N_("{client} has another “{title}” for {service} in line {other}. What an engagement agrees on stands once.")),
        _error("person_unknown", N_("{name} is not in the sheet of people. Add them there, or write the name as it stands there.")),
        _error("same_person", N_("{name} would review their own work. Name another reviewer.")),
        _error("client_unknown", N_("There is no client “{client}” in the work calendar or among yours. Write it as it stands there.")),
        _error("client_reference", N_("There is no organization {text} here. Leave the reference empty, and the client is added.")),
        _error("client_self", N_("{client} is your own organization. Name the client.")),
        _error("client_personal", N_("{client} has members here, and {service} is a personal matter: agree it with them, so that they say who reads it.")),
        _error("client_name", N_("An organization called {client} is here already. Name it by its reference, {reference}, or write another name.")),
        _error("contract_missing", N_("The contract of {client} is not among the files: “{text}”. Bring its PDF, or write the name as the file has it.")),
        _error("contract_which", N_("There are several contracts. Write in “contract” which one is that of {client}.")),
        _error("tax_rate", N_("The rate belongs to category S alone. Write 0, or the category S.")),
        _error("tax_reason", N_("Without tax an invoice needs the reason for it. Write it, such as an article of law.")),
        _error("answer", N_("{service} asks of each entity: {question}. Fill in the column “{title}”.")),
        _error("opening_side", N_("Open items of {side} need the balance that they belong to. Fill in “{title}”.")),
        _error("opening_none", N_("{service} carries no open items from month to month. Leave them out.")),
        Rule(
            "takeover.runs_already",
            "warning",
            N_("{client} runs here for {service} already, and the sheets say otherwise. It is left as it is: change it in its agreement."),
            _SOURCE,
        ),
        Rule("takeover.too_many", "warning", N_("There are {count} more errors. Mend these first."), _SOURCE),
        Rule("takeover.not_built", "note", N_("The delivery of {service} is not built in this edition: no month is opened for {client}."), _SOURCE),
    )
}
"""By code."""


def found(code: str, sheet: str = "", line: int | None = None, title: str = "", /, **values: object) -> Finding:
    """A finding at a sheet, line and column; `code` without its first word."""
    path: list[tuple[str, int | str]] = []
    if line is not None:
        path.append(("line", line))
    if title:
        path.append(("column", title))
    return Finding(f"takeover.{code}", Place(sheet, tuple(path)), values)
