"""All that can be found of a citation or a quotation, with severity, words and source: an error is a failure, a warning says why nothing can be judged."""

from __future__ import annotations

from remit.domain.line import Finding, Place, Rule
from remit.domain.reasons import N_

TABLES = "reporters-db and courts-db of the Free Law Project, with the corrections of remit/formats/citations/series.py"
DECISIONS = "Volumes of well-known decisions, remit/formats/citations/series.py"
BLUEBOOK = "The Bluebook: A Uniform System of Citation"
KEPT = "The text that is kept of the authority"

CITATIONS = (
    Rule("citation.before_series", "error", N_("{citation}: {reporter} begins in {begins}."), TABLES, holds=N_("Each reporter existed in the year cited")),
    Rule("citation.after_series", "error", N_("{citation}: {reporter} ended in {ended}."), TABLES),
    Rule("citation.no_such_volume", "error", N_("{citation}: {reporter} ended with volume {last}."), TABLES, holds=N_("Each volume exists")),
    Rule("citation.volume_year", "error", N_("{citation}: volume {volume} of {reporter} is of about {expected}, not of {year}."), DECISIONS),
    Rule(
        "citation.wrong_court",
        "error",
        N_("{citation}: {reporter} reports {reported}; “{court}” is none of them."),
        TABLES,
        holds=N_("Each court is one that the reporter reports"),
    ),
    Rule("citation.no_such_court", "error", N_("{citation}: there is no court “{court}”."), TABLES),
    Rule("citation.court_then", "error", N_("{citation}: {court} began in {begins}."), TABLES),
    Rule("citation.year_differs", "error", N_("{citation}: the number is of {volume}, the date of {year}."), BLUEBOOK),
    Rule("citation.future", "error", N_("{citation}: {year} has not come yet."), "The day of the check"),
    Rule("citation.pinpoint", "error", N_("{citation}: the pinpoint {pinpoint} lies before the first page, {page}."), BLUEBOOK, holds=N_("Pinpoints fit")),
    Rule("citation.range", "error", N_("{citation}: the range {pinpoint} runs backwards."), BLUEBOOK),
    Rule(
        "citation.unknown_reporter", "error", N_("{citation}: no reporter, code or journal is called “{reporter}”."), TABLES, holds=N_("Each reporter is known")
    ),
    Rule("citation.no_such_title", "error", N_("{citation}: {reporter} has no title {title}."), "1 U.S.C. s. 204; 44 U.S.C. s. 1510"),
    Rule("citation.no_such_article", "error", N_("{citation}: the Constitution has no such article or amendment."), "Constitution of the United States"),
    Rule("citation.no_such_rule", "error", N_("{citation}: there is no such rule."), "Federal Rules of Procedure and Evidence"),
    Rule("citation.no_year", "warning", N_("{citation} gives no year, so that nothing proves its series."), BLUEBOOK),
    Rule("citation.court_unknown", "warning", N_("{citation}: the tables do not know the court “{court}”."), TABLES),
    Rule("citation.foreign", "warning", N_("{citation} is of another country, which the tables do not hold."), TABLES),
    Rule("citation.journal_unknown", "warning", N_("{citation}: the tables do not know this journal."), TABLES),
    Rule("citation.docket", "warning", N_("{citation} names a docket, for which there is no table."), TABLES),
    Rule("citation.no_antecedent", "warning", N_("{citation} refers to a citation that does not stand before it."), BLUEBOOK),
    Rule("citation.antecedent", "warning", N_("{citation} refers to “{antecedent}”, which fails or cannot be judged."), BLUEBOOK),
    Rule("citation.no_court", "note", N_("{citation} names no court, though {reporter} reports many."), BLUEBOOK),
)

QUOTATIONS = (
    Rule(
        "quotation.differs",
        "error",
        N_("“{quotation}”: written “{written}”, the source reads “{reads}” ({source})."),
        KEPT,
        holds=N_("Each quotation is as its source has it, letter by letter"),
    ),
    Rule("quotation.points", "error", N_("“{quotation}”: the words agree, but not every point or bracket ({source})."), KEPT),
    Rule("quotation.absent", "error", N_("“{quotation}” does not stand in the source that it is quoted from ({source})."), KEPT),
    Rule("quotation.not_kept", "note", N_("“{quotation}” was not compared: nothing that is kept holds anything like it."), KEPT),
    Rule("quotation.not_compared", "note", N_("“{quotation}” was not compared: no source is given."), KEPT),
    Rule("quotation.open", "warning", N_("The quotation that begins “{quotation}” is not closed."), BLUEBOOK),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in (*CITATIONS, *QUOTATIONS)}
"""By code."""


def found(code: str, line: int = 0, field: str = "citation", /, **values: object) -> Finding:
    """A finding at a line of the text."""
    return Finding(code, Place(path=(*((("line", line),) if line else ()), ("field", field))), values)
