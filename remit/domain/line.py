"""What a service line is: frozen values and pure functions that the apps drive without asking which line it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, Literal, TypeVar, cast

from remit.domain.document import Block, Document
from remit.domain.reasons import Reason

T = TypeVar("T")
Answers = Mapping[str, Any]
PERSONAL = ("payroll", "personal", "health")
"""Classes of data (`holds`) that are closed to everybody who is not granted them, administrators too."""


@dataclass(frozen=True)
class Place:
    """Where, from the outside in: `Place("ledger", (("line", 12), ("field", "amount")), sha256)`; a reader gives the path only."""

    of: str = ""
    path: tuple[tuple[str, int | str], ...] = ()
    paper: str = ""

    @property
    def line(self) -> int | None:
        """The line of a text file (or the row of a sheet), counted from 1."""
        return next((int(at) for name, at in self.path if name == "line"), None)

    @property
    def field(self) -> str:
        """The field, column or element named, or nothing."""
        return next((str(at) for name, at in self.path if name == "field"), "")


@dataclass(frozen=True)
class Finding:
    """What a reader, command, suggestion or check says; the `Rule` of that code holds severity, words and source."""

    code: str
    place: Place = Place()
    values: Answers = dataclasses.field(default_factory=dict)


Found = Iterable[Finding]


class Cannot(Exception):
    """Raised, with its findings, by a command that the present state does not allow."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*(finding.code for finding in findings))
        self.findings = findings


@dataclass(frozen=True, kw_only=True)
class Need:
    """Who may, beyond the brief: level 1-5; an act (rule files say what it asks); `apart`: steps whose doers may not.

    `speaks`, `software` and `named` are codes of questions whose answers name a language, a program, a person.
    """

    level: int = 1
    act: str = ""
    speaks: str = ""
    software: str = ""
    named: str = ""
    apart: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One thing that a line can find: an error stops, a warning wants an answer; `override`: who may let an error pass with a reason.

    `holds` says what is so while nothing is found, for a list of checks; empty where that says nothing.
    """

    code: str
    severity: Literal["error", "warning", "note"]
    says: str
    source: str
    override: Need | None = None
    holds: str = ""


@dataclass(frozen=True)
class Task:
    """A part of the client's function with the facts that an assessment weighs (`zone`: O*NET job zone 1-5; `critical`: 1 low to 3 high)."""

    code: str
    says: str
    procedure: bool
    one_answer: bool
    zone: int
    act: str = dataclasses.field(default="", kw_only=True)
    lay_check: bool = dataclasses.field(default=False, kw_only=True)
    presence: bool = dataclasses.field(default=False, kw_only=True)
    own_decision: bool = dataclasses.field(default=False, kw_only=True)
    critical: int = dataclasses.field(default=2, kw_only=True)


@dataclass(frozen=True)
class Question:
    """One field of a form; `choices`: code to words; `when`: asked if that other answer is so; `holds`: class of data (tax, payroll, health, secret)."""

    code: str
    says: str
    kind: Literal["text", "choice", "number", "money", "date", "yes", "language", "person", "rows"] = "text"
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict, kw_only=True)
    at: Literal["brief", "entity", "item", "command"] = dataclasses.field(default="brief", kw_only=True)
    rows: tuple[Question, ...] = dataclasses.field(default=(), kw_only=True)
    when: tuple[str, Any] | None = dataclasses.field(default=None, kw_only=True)
    required: bool = dataclasses.field(default=True, kw_only=True)
    holds: str = dataclasses.field(default="", kw_only=True)


@dataclass(frozen=True)
class Paper:
    """A file as it came and, once read, its plain value."""

    name: str
    sha256: str
    open: Callable[[], BinaryIO]
    value: Any = None


@dataclass(frozen=True)
class Piece:
    """A small part of an item, from the queue; `key` comes from content, `gold` is a state known to be right, `arrived_at` starts a clock of seconds."""

    key: str
    data: Answers
    gold: Any = None
    findings: tuple[Finding, ...] = ()
    arrived_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that a line may know of one item, or of one piece of it.

    `entity` holds `name`, `country`, `currency` and the answers to the questions asked at the entity; `period` is half-open; `on` is the day of the look;
    `carried` is what `carry` gave for the period before; `states` has one state per pass of each step; `handed_in` the states that earlier deliverables of a
    step were made from, oldest first; `people` maps a step to its person.
    """

    entity: Answers
    period: tuple[date, date]
    on: date
    answers: Answers = dataclasses.field(default_factory=dict)
    carried: Any = None
    papers: Mapping[str, tuple[Paper, ...]] = dataclasses.field(default_factory=dict)
    states: Mapping[str, tuple[Any, ...]] = dataclasses.field(default_factory=dict)
    handed_in: Mapping[str, tuple[Any, ...]] = dataclasses.field(default_factory=dict)
    people: Mapping[str, str] = dataclasses.field(default_factory=dict)
    piece: Piece | None = None
    pieces: Callable[[], Iterator[Case]] = lambda: iter(())
    derived: dict[Any, Any] = dataclasses.field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, derive: Callable[[Case], T]) -> T:
        """What a line derives from all of the case, worked out once for it: its board and each of its checks ask for the same."""
        if derive not in self.derived:
            self.derived[derive] = derive(self)
        return cast(T, self.derived[derive])

    def one(self, slot: str) -> Any:
        """The value of the newest paper in a slot, or None."""
        papers = self.papers.get(slot)
        return papers[-1].value if papers else None

    def state(self, step: str) -> Any:
        """The state of the last pass of a step, or None."""
        states = self.states.get(step)
        return states[-1] if states else None


@dataclass(frozen=True)
class Slot:
    """A kind of file. `read` knows its form alone (None: unreadable) and gives a `value`; `fits` says whether it belongs here; `cut` gives its pieces.

    `read` gets the entity's answers, among them `<code>_mapping` where the slot has `columns` to be mapped; with most=1 a new file supersedes the last.
    """

    code: str
    says: str
    read: Callable[[Paper, Answers], tuple[Any, Found]]
    value: type
    fits: Callable[[Any, Case], Found] = dataclasses.field(default=lambda value, case: (), kw_only=True)
    cut: Callable[[Paper, Case], Iterator[Piece]] | None = dataclasses.field(default=None, kw_only=True)
    least: int = dataclasses.field(default=1, kw_only=True)
    most: int = dataclasses.field(default=1, kw_only=True)
    holds: str = dataclasses.field(default="", kw_only=True)
    columns: tuple[Question, ...] = dataclasses.field(default=(), kw_only=True)


@dataclass(frozen=True)
class Move:
    """One command given, or suggested with its reason: what the journal keeps. `sure`: nothing else fits, so that it may be taken with others at one stroke."""

    command: str
    values: Answers
    why: Finding | None = None
    sure: bool = False


@dataclass(frozen=True)
class Command:
    """A form and a pure function giving the next state or raising `Cannot`; `many` equals the fold of `apply`; `key`: the letter that calls it."""

    code: str
    says: str
    fields: tuple[Question, ...]
    apply: Callable[[Case, Any, Answers], Any]
    key: str = dataclasses.field(default="", kw_only=True)
    many: Callable[[Case, Any, tuple[Answers, ...]], Any] | None = dataclasses.field(default=None, kw_only=True)


@dataclass(frozen=True)
class Group:
    """Rows of both sides of a `pair` that belong together, and why; `by_hand` where a person said so.

    `because` may be a function, asked when the reason is shown: a page shows some of a hundred thousand.
    """

    key: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    because: Reason | Callable[[], Reason] | None = None
    by_hand: bool = False
    note: str = ""

    @property
    def why(self) -> Reason | None:
        """Why they belong together."""
        return self.because() if callable(self.because) else self.because


@dataclass(frozen=True, kw_only=True)
class Board:
    """A working state laid on one of the house's surfaces; rows are (key, cells), taken a window at a time.

    Titles of columns are marked words; a cell is a plain value or a `Reason`. `above` is shown over the surface, its text marked words, too.
    On a `pair`, `rows` and `right` are both sides, matched or not, and `groups` ties them. On a `text`, rows are passages: what each is, its text, and its
    state last; a command's field `text` holds a passage whole, and findings that name the key of a row in their place (`item`) stand beside it.
    """

    surface: Literal["form", "table", "pair", "text", "player", "image"]
    columns: tuple[str, ...]
    rows: Iterable[tuple[str, tuple[Any, ...]]]
    right: Iterable[tuple[str, tuple[Any, ...]]] = ()
    groups: Iterable[Group] = ()
    above: tuple[Block, ...] = ()
    media: str = ""
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Work:
    """A step's working state (a frozen dataclass): how it starts, moves, is shown, and what software suggests."""

    state: type
    start: Callable[[Case], Any]
    commands: tuple[Command, ...]
    show: Callable[[Case, Any], Board]
    suggest: Callable[[Case, Any], Iterable[Move]] = lambda case, state: ()


@dataclass(frozen=True)
class Engine:
    """A program in a process of its own: files out, files back into a slot, read there like anybody's."""

    argv: tuple[str, ...]
    ask: Callable[[Case], Mapping[str, bytes]]
    into: str
    limit_s: int = dataclasses.field(default=60, kw_only=True)
    extra: str = dataclasses.field(default="", kw_only=True)


@dataclass(frozen=True)
class Deliverable:
    """What goes out: a document, written in each of `forms`, and files (name to chunks)."""

    document: Document
    files: Mapping[str, Iterable[bytes]] = dataclasses.field(default_factory=dict)
    forms: tuple[Literal["pdf", "docx", "xlsx"], ...] = ("pdf", "xlsx")


@dataclass(frozen=True)
class Quantity:
    """How much is priced, by a declared measure; `variant` (part number, kind of return) tells card lines apart."""

    measure: str
    count: Decimal
    variant: str = ""


@dataclass(frozen=True)
class Step:
    """One step of a task; `of`: whose deliverable is reviewed or signed, or beside which step it is filled in;
    `times` > 1: so many people, blind, compared by `same` (fields that differ).

    `makes` gets `say(words, /, **values)`, which fills marked words and says them in the deliverable's language. `readers`: who alone on the client's side
    may read the working state and what is made of it (codes of brief questions that name a person; empty: the audience). `due` is workdays before the item's
    due time or seconds from arrival; `effort` is minutes for one of a measure.
    """

    code: str
    says: str
    task: str
    need: Need = dataclasses.field(default=Need(), kw_only=True)
    kind: Literal["work", "software", "review", "sign"] = dataclasses.field(default="work", kw_only=True)
    of: str = dataclasses.field(default="", kw_only=True)
    side: Literal["provider", "client"] = dataclasses.field(default="provider", kw_only=True)
    each: Literal["item", "piece"] = dataclasses.field(default="item", kw_only=True)
    times: int = dataclasses.field(default=1, kw_only=True)
    share: Literal["class", "all"] = dataclasses.field(default="class", kw_only=True)
    when: Callable[[Case], bool] = dataclasses.field(default=lambda case: True, kw_only=True)
    slots: tuple[str, ...] = dataclasses.field(default=(), kw_only=True)
    work: Work | None = dataclasses.field(default=None, kw_only=True)
    engine: Engine | None = dataclasses.field(default=None, kw_only=True)
    same: Callable[[Any, Any], tuple[str, ...]] | None = dataclasses.field(default=None, kw_only=True)
    checks: tuple[Callable[[Case], Found], ...] = dataclasses.field(default=(), kw_only=True)
    makes: Callable[[Case, Callable[..., str]], Deliverable] | None = dataclasses.field(default=None, kw_only=True)
    readers: tuple[str, ...] = dataclasses.field(default=(), kw_only=True)
    due: tuple[int, str] = dataclasses.field(default=(0, "workday"), kw_only=True)
    effort: tuple[Decimal, str] = dataclasses.field(default=(Decimal(0), "item"), kw_only=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class ServiceLine:
    """One service; `count` uses the `measures` (code to words), `carry` gives the next period its `carried`, `upgrade` lifts old answers and states."""

    code: str
    field: str
    says: str
    edition: int
    levels: Mapping[int, str]
    tasks: tuple[Task, ...]
    questions: tuple[Question, ...] = ()
    slots: tuple[Slot, ...] = ()
    steps: tuple[Step, ...] = ()
    rules: tuple[Rule, ...] = ()
    bases: tuple[str, ...] = ("hour",)
    measures: Mapping[str, str] = dataclasses.field(default_factory=dict)
    count: Callable[[Case], Iterable[Quantity]] = lambda case: ()
    carry: Callable[[Case], Any] | None = None
    carried: type | None = None
    take_over: Callable[[Decimal, Decimal, Iterable[Any]], Any] | None = None
    """The `carried` of a relation taken over: from the closing of bank and ledger and the open items (`domain/takeover` OpenItem)."""
    upgrade: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = dataclasses.field(default_factory=dict)

    def is_personal(self, answers: Answers) -> bool:
        """Whether what it handles are personal matters, by what its questions and slots say they hold; one that asks yes or no counts where it is yes."""
        asked = any(
            question.holds in PERSONAL and (question.kind != "yes" or bool(answers.get(question.code)))
            for outer in self.questions
            for question in (outer, *outer.rows)
        )
        return asked or any(slot.holds in PERSONAL for slot in self.slots)

    def step(self, code: str) -> Step:
        """The step of that code; KeyError where there is none."""
        return {step.code: step for step in self.steps}[code]

    def slot(self, code: str) -> Slot:
        """The slot of that code; KeyError where there is none."""
        return {slot.code: slot for slot in self.slots}[code]

    def rule(self, code: str) -> Rule:
        """The rule of that code; KeyError where there is none."""
        return {rule.code: rule for rule in self.rules}[code]

    def task(self, code: str) -> Task:
        """The task of that code; KeyError where there is none."""
        return {task.code: task for task in self.tasks}[code]
