"""What can be found in a notice file or be doubtful in a notice: codes with severity, sentence and source."""

from __future__ import annotations

from typing import Literal

from remit.domain.line import Finding, Rule
from remit.domain.reasons import N_, SENTENCES, Reason, Sentence

OCDS = "Open Contracting Data Standard 1.1"
EFORMS = "eForms, Commission Implementing Regulation (EU) 2019/1780"
TED = "TED XML R2.0.8 and R2.0.9, Publications Office of the European Union"
FIELD = "Remit, field rule 2: a procurement code is a hint only"
READER = "Remit"

RULES: dict[str, Rule] = {}
"""Every rule of notices by code."""


def _rule(code: str, severity: Literal["error", "warning", "note"], says: str, source: str) -> None:
    RULES[code] = Rule(code, severity, Sentence(code, says).says, source)


# A file that cannot be read as a notice.
_rule("notice.empty_file", "error", N_("The file is empty."), READER)
_rule("notice.too_large", "error", N_("The file has {size} bytes; at most {most} are read."), READER)
_rule("notice.unknown_format", "error", N_("This is neither an OCDS release (JSON) nor an eForms or TED notice (XML); it begins with {begins}."), READER)
_rule("notice.malformed_xml", "error", N_("The XML is broken here: {problem}. Ask for the file again, complete."), READER)
_rule("notice.doctype", "error", N_("The file declares a DOCTYPE; notices have none, and it is refused for safety. Remove the declaration."), READER)
_rule("notice.unknown_form", "error", N_("{root} is not a notice form that is known here."), READER)
_rule("notice.no_form", "error", N_("The TED export holds no form: FORM_SECTION is missing or empty."), TED)
_rule("notice.malformed_json", "error", N_("The JSON is broken here: {problem}. Ask for the file again, complete."), READER)
_rule("notice.encoding", "error", N_("The text is not valid {encoding}. Save it as UTF-8."), READER)
_rule("notice.too_deep", "error", N_("The JSON is nested too deeply to be a notice."), READER)
_rule("notice.not_a_number", "error", N_("{text} is not a number that JSON or a notice allows."), READER)
_rule("notice.wrong_type", "error", N_("Here {wanted} is wanted, not {found}."), OCDS)
_rule("notice.no_release", "error", N_("No release stands in this file."), OCDS)
_rule("notice.linked_only", "error", N_("This record holds only links to its releases ({count}), not their contents. Get its compiled release."), OCDS)
# Doubts about the file.
_rule("notice.linked_record", "warning", N_("This record holds only links to its releases and was not read."), OCDS)
_rule("notice.duplicate_key", "warning", N_("The name {key} stands twice in one object; the last one counts."), READER)
_rule("notice.duplicate_id", "warning", N_("The release id {id} stands more than once; it may be the same notice twice."), OCDS)
_rule("notice.broken_text", "warning", N_("Characters that no text may hold (lone surrogate, NUL) were replaced."), READER)
_rule("notice.line_breaks", "note", N_("Line breaks came as the letters rn and were repaired in {count} places."), READER)
# What kind of paper it is.
_rule("notice.award_not_call", "warning", N_("This is an award notice, not a call: nobody can tender for it any more."), FIELD)
_rule("notice.intended_award", "warning", N_("This announces an award without a call (voluntary ex ante transparency): it is no call for tenders."), FIELD)
_rule("notice.planning_only", "warning", N_("This announces a plan; the call itself is still to come."), FIELD)
_rule("notice.changed", "warning", N_("This changes an earlier notice: {what}"), FIELD)
_rule("notice.cancelled", "warning", N_("The procedure was cancelled or ended without award: {why}"), FIELD)
_rule("notice.buyer_profile", "warning", N_("This announces a buyer profile, not a purchase."), TED)
_rule("notice.qualification", "note", N_("This sets up a qualification system: suppliers apply to be listed, calls follow."), TED)
_rule("notice.several_objects", "note", N_("The notice announces {count} contracts; the first is read as the whole, the others stand as lots."), TED)
_rule("notice.title_only", "warning", N_("The notice gives no description beyond its title."), READER)
_rule("notice.empty_element", "warning", N_("{field} stands in the notice but is empty."), EFORMS)
_rule("notice.absent_element", "warning", N_("{field} is required in this kind of notice and is missing."), EFORMS)
_rule("notice.unknown_subtype", "warning", N_("{subtype} is not a notice subtype that is known here."), EFORMS)
_rule("notice.unknown_code", "warning", N_("{text} is not a known code for {field}."), READER)
_rule("notice.withheld", "warning", N_("{what} is withheld until {until}; what stands there may be a stand-in."), EFORMS)
_rule("notice.unknown_party", "warning", N_("{party} is named, but no organization with this id stands in the notice."), READER)
# Dates.
_rule("date.impossible", "warning", N_("{text} is not a possible date."), READER)
_rule("date.placeholder", "warning", N_("{date} looks like a placeholder, not a date."), READER)
_rule("date.end_before_start", "warning", N_("The end, {end}, lies before the start, {start}."), READER)
_rule("date.start_before_deadline", "note", N_("The work would start on {start}, before tenders are due on {deadline}."), READER)
_rule("date.duration_differs", "warning", N_("The duration given is {months} months; from start to end there are {counted}."), READER)
_rule("deadline.past", "warning", N_("The deadline, {deadline}, lies before the publication, {published}."), READER)
_rule("deadline.no_zone", "note", N_("The deadline {text} names no time zone."), READER)
_rule("deadline.no_time", "note", N_("The deadline {text} names no hour."), READER)
_rule("deadline.absent", "warning", N_("A call without a deadline for tenders or requests."), READER)
# Money.
_rule("value.zero", "warning", N_("The value is {value}: a placeholder, not a price."), READER)
_rule("value.placeholder", "warning", N_("The value {value} looks like a placeholder."), READER)
_rule("value.negative", "warning", N_("The value {value} is negative."), READER)
_rule("value.impossible", "warning", N_("{text} is not a possible amount."), READER)
_rule("value.no_currency", "warning", N_("The amount {amount} has no currency."), READER)
_rule("value.unknown_currency", "warning", N_("{currency} is not a known currency."), READER)
_rule("value.currencies", "warning", N_("Amounts stand in several currencies: {currencies}."), READER)
_rule("value.lots_differ", "warning", N_("The lots add up to {lots}, the whole is given as {whole}."), READER)
_rule("value.awards_differ", "note", N_("The awards add up to {awards}, the whole is given as {whole}."), READER)
_rule("value.lots_repeat", "warning", N_("Each lot repeats the value of the whole, {whole}; they cannot all be meant."), READER)
_rule("value.range", "note", N_("The value is given as a range from {low} to {high}; the upper end is read."), READER)
_rule("value.not_public", "warning", N_("The notice marks this as not for publication."), TED)
# What it is about, and who pays whom.
_rule("cpv.product_code", "warning", N_("CPV {cpv} is a code for goods, while the notice says services."), FIELD)
_rule("cpv.service_code", "note", N_("CPV {cpv} is a code for services, while the notice says {nature}."), FIELD)
_rule("cpv.generic", "note", N_("CPV {cpv} is the head of a whole division and says little."), FIELD)
_rule("cpv.malformed", "warning", N_("{text} is not a CPV code of eight digits."), READER)
_rule("object.product", "warning", N_("The words speak of a product ({words}), the code of a service."), FIELD)
_rule("object.works", "warning", N_("The notice is about works."), FIELD)
_rule("object.supplies", "warning", N_("The notice is about supplies."), FIELD)
_rule(
    "price.is_revenue",
    "warning",
    N_("This is a concession or pays by what is earned: the money may come from users or go to the client, so a value is revenue, not a budget."),
    FIELD,
)
_rule("task.needs_presence", "warning", N_("The text asks for presence on site: {words}"), FIELD)
_rule("act.maybe_reserved", "note", N_("This may be an act reserved to licensed persons: {words}"), FIELD)
_rule("text.language_differs", "warning", N_("The text is stated to be in {stated}, but reads like {found}."), READER)

# How a derived value was made.
FROM_FORM = Sentence("how.form", N_("The kind of form ({form}) says so."))
FROM_TAGS = Sentence("how.tags", N_("From the tags of the release: {tags}."))
FROM_CONTENT = Sentence("how.content", N_("From what the notice holds: {part}."))
FROM_DATES = Sentence("how.dates", N_("Months from start to end, the last day included."))
FROM_DAYS_30 = Sentence("how.days30", N_("{days} days, at 30 days a month."))
FROM_DAYS_365 = Sentence("how.days365", N_("{days} days, as whole years."))
FROM_DAYS = Sentence("how.days", N_("{days} days, at 365.25 days a year."))
FROM_UNIT = Sentence("how.unit", N_("{count} {unit}, counted in months."))
FROM_ZONE = Sentence("how.zone", N_("Local time of the buyer, {zone}; the notice names no zone."))
FROM_FORM_VAT = Sentence("how.form_vat", N_("The form asks for values without VAT."))
FROM_TEXT = Sentence("how.text", N_("Read in the text."))
FROM_LOT = Sentence("how.lot", N_("Given for the only lot."))
FROM_LOTS = Sentence("how.lots", N_("All lots say the same."))
FROM_AWARD = Sentence("how.award", N_("Given for the only award."))
FROM_COUNTRY = Sentence("how.country", N_("From {text}."))
FROM_NUTS = Sentence("how.nuts", N_("From the region code {code}."))
FROM_TECHNIQUE = Sentence("how.technique", N_("A framework or purchasing system is called on when needed."))


def sentence(said: Finding | Reason) -> str:
    """The English sentence of a finding or reason, filled with its values."""
    return SENTENCES[said.code].format(**said.values)
