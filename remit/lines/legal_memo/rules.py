"""All that this service can find, with severity, words and source; the rules of readers, citations and quotations are among them."""

from __future__ import annotations

from remit.domain.line import Need, Rule
from remit.domain.reasons import N_
from remit.formats.citations import RULES as CITATION_RULES
from remit.formats.memos import RULES as FILE_RULES

FORM = "The form of a legal memo: question, answer, facts, discussion, conclusion"
KEPT = "Authorities are kept as bytes, with hash and pinpoint"
SUPERVISION = "ABA Model Rules 5.1 and 5.3; ABA Formal Opinion 08-451"
SENIOR = Need(level=4)

OWN = (
    Rule("memo.no_question", "error", N_("The question presented is not stated."), FORM, holds=N_("The question is stated")),
    Rule("memo.no_jurisdiction", "error", N_("The jurisdiction is not stated."), FORM, holds=N_("The jurisdiction is stated")),
    Rule("memo.no_law_date", "error", N_("The date of the law is not stated."), FORM, holds=N_("The date of the law is stated")),
    Rule("memo.no_answer", "error", N_("The short answer is not written."), FORM, holds=N_("The question is answered in short")),
    Rule("memo.no_facts", "error", N_("The facts are not written."), FORM, holds=N_("The facts are told")),
    Rule("memo.no_discussion", "error", N_("The discussion is not written."), FORM, holds=N_("There is a discussion")),
    Rule("memo.no_conclusion", "error", N_("The conclusion is not written."), FORM, holds=N_("There is a conclusion")),
    Rule("memo.after_law", "warning", N_("{citation} is later than the date of the law, {law_as_of}."), FORM, holds=N_("Nothing cited is later than the law")),
    Rule("memo.not_kept", "warning", N_("{citation} is cited, but its text is not kept."), KEPT, holds=N_("Each case cited is kept")),
    Rule("memo.no_pinpoint", "warning", N_("{citation} is kept without a pinpoint."), KEPT),
    Rule("memo.kept_uncited", "warning", N_("{citation} is kept, but the memo does not cite it."), KEPT),
    Rule(
        "memo.unproven",
        "error",
        N_("“{quotation}” was compared with nothing: keep the text that it is quoted from."),
        KEPT,
        SENIOR,
        N_("Each quotation was compared"),
    ),
    Rule("memo.authority_lost", "error", N_("The text kept for {citation} is no longer among the papers."), KEPT),
    Rule("memo.kept_twice", "error", N_("This text is kept already."), KEPT),
    Rule("memo.no_parts", "error", N_("No heading of a memo was found, such as Question presented or Discussion."), FORM),
    Rule("memo.from_draft", "note", N_("So it stands in the draft, line {line}."), "The draft memo"),
    Rule("memo.from_brief", "note", N_("So the brief has it."), "The brief"),
    Rule("memo.names_itself", "note", N_("The text bears the parties that the memo cites by this."), "The kept text"),
    Rule("work.empty", "error", N_("Write some text first."), FORM),
    Rule("work.unknown_passage", "error", N_("There is no passage {item} any more."), FORM),
    Rule("work.fixed", "error", N_("{item} is a part of every memo: write it, but do not move or strike it."), FORM),
    Rule("work.first", "error", N_("{item} stands first already."), FORM),
    Rule("work.unknown_authority", "error", N_("No text {item} is kept."), KEPT),
    Rule("work.no_citation", "error", N_("Say how the authority is cited."), KEPT),
    Rule("work.not_tied", "error", N_("No citation is given for {item}."), KEPT),
    Rule("work.not_a_date", "error", N_("“{value}” is no date such as 2027-01-31."), FORM),
    Rule("work.unknown_kind", "error", N_("“{kind}” is no kind of passage."), FORM),
)

RULES: tuple[Rule, ...] = tuple({rule.code: rule for rule in (*FILE_RULES.values(), *CITATION_RULES.values(), *OWN)}.values())
