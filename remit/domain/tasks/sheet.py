"""The sheet of knowledge work: question, sources, options, conclusion. Its reasoning is what is bought, so it is written down before the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from remit.domain.document import Block, Heading, Paragraph, Table
from remit.domain.line import Answers, Board, Cannot, Case, Command, Finding, Question, Rule, Work
from remit.domain.reasons import N_, Reason, Sentence

MOST = 50
"""Sources, and options, of one sheet."""
MOST_LETTERS = 8000

QUESTION, SOURCE, OPTION, CONCLUSION = N_("Question"), N_("Source"), N_("Option"), N_("Conclusion")
NOT_YET = Sentence("sheet.not_yet", N_("not answered yet"))
CHOSEN = Sentence("sheet.chosen", N_("{words} (option {number})"))
HOUSE = N_("House rule for knowledge work")

RULES = (
    Rule("sheet.no_question", "warning", N_("The sheet does not say which question is answered."), HOUSE, holds=N_("The question is put.")),
    Rule("sheet.no_source", "warning", N_("The sheet names no source."), HOUSE, holds=N_("Sources are named.")),
    Rule("sheet.one_option", "warning", N_("The sheet weighs no second option: say why there is none."), HOUSE, holds=N_("Options are weighed.")),
    Rule("sheet.no_conclusion", "warning", N_("The sheet comes to no conclusion."), HOUSE, holds=N_("There is a conclusion.")),
    Rule("sheet.empty", "error", N_("Say it in words."), HOUSE),
    Rule("sheet.too_long", "error", N_("That is longer than {most} characters."), HOUSE),
    Rule("sheet.too_many", "error", N_("A sheet holds {most} of these at most."), HOUSE),
    Rule("sheet.unknown", "error", N_("The sheet has no such row."), HOUSE),
)


@dataclass(frozen=True)
class Named:
    """A source or an option: `key` is the sheet's own (s1, o1, ...); `more` says where it stands, or what speaks for and against."""

    key: str
    says: str
    more: str = ""


@dataclass(frozen=True)
class Sheet:
    """What is written so far. `made` counts every row that ever was, so that a key is never used twice."""

    question: str = ""
    sources: tuple[Named, ...] = ()
    options: tuple[Named, ...] = ()
    conclusion: str = ""
    chosen: str = ""
    made: int = 0


def start(case: Case) -> Sheet:
    """An empty sheet."""
    return Sheet()


def ask(case: Case, state: Sheet, values: Answers) -> Sheet:
    """Put the question that is answered."""
    return replace(state, question=_words(values, "question"))


def cite(case: Case, state: Sheet, values: Answers) -> Sheet:
    """Name a source and where in it."""
    return replace(state, sources=_with(state.sources, "s", state.made + 1, values), made=state.made + 1)


def weigh(case: Case, state: Sheet, values: Answers) -> Sheet:
    """Name an option with what speaks for and against it."""
    return replace(state, options=_with(state.options, "o", state.made + 1, values), made=state.made + 1)


def drop(case: Case, state: Sheet, values: Answers) -> Sheet:
    """Take a source or an option off; a conclusion that chose it stays without its choice."""
    key = values.get("item")
    if not isinstance(key, str) or key not in {row.key for row in (*state.sources, *state.options)}:
        raise Cannot(Finding("sheet.unknown"))
    sources, options = (tuple(row for row in rows if row.key != key) for rows in (state.sources, state.options))
    return replace(state, sources=sources, options=options, chosen="" if state.chosen == key else state.chosen)


def conclude(case: Case, state: Sheet, values: Answers) -> Sheet:
    """Come to a conclusion, for an option (by its number from 1) or in words alone."""
    words = _words(values, "conclusion")
    number = str(values.get("option") or "").strip()
    if not number:
        return replace(state, conclusion=words, chosen="")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= len(state.options):
        raise Cannot(Finding("sheet.unknown"))
    return replace(state, conclusion=words, chosen=state.options[int(number) - 1].key)


def _words(values: Answers, name: str) -> str:
    given = values.get(name)
    words = given.strip() if isinstance(given, str) else ""
    if not words:
        raise Cannot(Finding("sheet.empty"))
    if len(words) > MOST_LETTERS:
        raise Cannot(Finding("sheet.too_long", values={"most": MOST_LETTERS}))
    return words


def _with(rows: tuple[Named, ...], letter: str, number: int, values: Answers) -> tuple[Named, ...]:
    if len(rows) >= MOST:
        raise Cannot(Finding("sheet.too_many", values={"most": MOST}))
    more = values.get("more")
    return (*rows, Named(f"{letter}{number}", _words(values, "says"), more.strip()[:MOST_LETTERS] if isinstance(more, str) else ""))


def number_of(state: Sheet, key: str) -> int:
    """The place of an option, from 1; 0 where there is none of that key."""
    return next((number for number, row in enumerate(state.options, 1) if row.key == key), 0)


def concluded(state: Sheet) -> str | Reason:
    """The conclusion with the option that it chose."""
    if not state.conclusion:
        return NOT_YET()
    number = number_of(state, state.chosen)
    return CHOSEN(words=state.conclusion, number=number) if number else state.conclusion


def show(case: Case, state: Sheet) -> Board:
    """Rows in the order of the sheet; sources and options can be taken off by their rows."""
    rows: list[tuple[str, tuple[object, ...]]] = [("question", (QUESTION, state.question or NOT_YET(), ""))]
    rows += [(row.key, (SOURCE, row.says, row.more)) for row in state.sources]
    rows += [(row.key, (OPTION, f"{number}. {row.says}", row.more)) for number, row in enumerate(state.options, 1)]
    rows.append(("conclusion", (CONCLUSION, concluded(state), "")))
    return Board(surface="form", columns=("", N_("In words"), N_("Where, or for and against")), rows=rows, commands=tuple(each.code for each in COMMANDS))


def checks(case: Case) -> Iterator[Finding]:
    """What a reader would miss."""
    state = case.state("sheet")
    found = state if isinstance(state, Sheet) else Sheet()
    if not found.question:
        yield Finding("sheet.no_question")
    if not found.sources:
        yield Finding("sheet.no_source")
    if len(found.options) < 2:
        yield Finding("sheet.one_option")
    if not found.conclusion:
        yield Finding("sheet.no_conclusion")


def written(state: Sheet, say: Callable[..., str]) -> tuple[Block, ...]:
    """The sheet as part of a document; `say` fills marked words in the document's language."""
    end = concluded(state)
    blocks: list[Block] = [Heading(say(QUESTION)), Paragraph(state.question or say(NOT_YET.says))]
    for title, rows, more in ((N_("Sources"), state.sources, N_("Where")), (N_("Options"), state.options, N_("For and against"))):
        if rows:
            table = tuple((number, row.says, row.more) for number, row in enumerate(rows, 1))
            blocks += [Heading(say(title)), Table((say(N_("No.")), say(N_("In words")), say(more)), table)]
    blocks += [Heading(say(CONCLUSION)), Paragraph(say(end.says, **end.values) if isinstance(end, Reason) else end)]
    return tuple(blocks)


def _field(code: str, says: str, required: bool = True) -> Question:
    return Question(code, says, at="command", required=required)


COMMANDS = (
    Command("ask", N_("Put the question"), (_field("question", QUESTION),), ask, key="q"),
    Command("cite", N_("Name a source"), (_field("says", SOURCE), _field("more", N_("Where in it"), required=False)), cite, key="c"),
    Command("weigh", N_("Weigh an option"), (_field("says", OPTION), _field("more", N_("For and against"), required=False)), weigh, key="o"),
    Command("conclude", N_("Conclude"), (_field("conclusion", CONCLUSION), _field("option", N_("For option number"), required=False)), conclude, key="l"),
    Command("drop", N_("Take it off"), (_field("item", N_("Row")),), drop, key="x"),
)
WORK = Work(Sheet, start, COMMANDS, show)
