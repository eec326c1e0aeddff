"""Contract, what a line declares: 1, 2, 3, 14, 15, 16, 19, 20, 22, 23."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from remit.domain.line import Finding, Question, ServiceLine, Step
from remit.lines import examples, lines

HERE = Path(__file__).resolve().parent
HEAVY = (
    "numpy",
    "scipy",
    "ortools",
    "openpyxl",
    "saxonche",
    "polars",
    "pandera",
    "arelle",
    "pyhanko",
    "eyecite",
    "courts_db",
    "reporters_db",
    "pypdf",
    "facturx",
    "duckdb",
    "typst",
    "docxtpl",
)
BASES = {"hour", "unit", "month", "fixed", "outcome", "cost-plus"}
CLASSES_OF_DATA = {"", "tax", "payroll", "health", "secret"}
DUES = {"workday", "second"}


def questions(given: Iterable[Question]) -> Iterable[Question]:
    """Questions with those in their rows."""
    for question in given:
        yield question
        yield from questions(question.rows)


def all_questions(line: ServiceLine) -> list[Question]:
    """Wherever a line asks."""
    asked = [*line.questions, *(column for slot in line.slots for column in slot.columns)]
    asked += [field for step in line.steps if step.work for command in step.work.commands for field in command.fields]
    return list(questions(asked))


def test_1_folder_code_and_levels(line: ServiceLine) -> None:
    assert lines()[line.code] is line
    assert (files("remit.lines") / line.code / "line.py").is_file()
    assert list(line.levels) == [1, 2, 3, 4, 5]
    assert len(set(line.levels.values())) == 5
    assert line.field
    assert set(line.bases) <= BASES
    assert line.measures


def test_1_codes_are_unique(line: ServiceLine) -> None:
    for codes in (
        [task.code for task in line.tasks],
        [question.code for question in line.questions],
        [slot.code for slot in line.slots],
        [step.code for step in line.steps],
        [rule.code for rule in line.rules],
        *([command.code for command in step.work.commands] for step in line.steps if step.work),
    ):
        assert [code for code, count in Counter(codes).items() if count > 1] == []


def test_1_tasks(line: ServiceLine) -> None:
    assert 5 <= len(line.tasks) <= 12
    for task in line.tasks:
        assert 1 <= task.zone <= 5, task.code
        assert 1 <= task.critical <= 3, task.code
    assert any(task.own_decision or task.presence for task in line.tasks), "something always stays with the client"
    assert any(not (task.own_decision or task.presence) for task in line.tasks)


def test_1_references_resolve(line: ServiceLine) -> None:
    asked = {question.code for question in line.questions}
    steps = {step.code for step in line.steps}
    for step in line.steps:
        assert step.task in {task.code for task in line.tasks}, step.code
        assert set(step.slots) <= {slot.code for slot in line.slots}, step.code
        assert set(step.need.apart) <= steps - {step.code}, step.code
        assert not step.of or step.of in steps - {step.code}, step.code
        for code in (step.need.speaks, step.need.software, step.need.named):
            assert not code or code in asked, step.code
        assert 1 <= step.need.level <= 5
        assert step.effort[1] in {"item", *line.measures}, step.code
        assert step.due[1] in DUES, step.code
        assert not step.engine or step.engine.into in {slot.code for slot in line.slots}
    for question in all_questions(line):
        assert question.holds in CLASSES_OF_DATA, question.code
        assert (question.kind == "choice") == bool(question.choices), question.code
        assert (question.kind == "rows") == bool(question.rows), question.code


def test_1_commands_shown_exist(delivered: ServiceLine) -> None:
    for step in delivered.steps:
        if step.work:
            assert dataclasses.is_dataclass(step.work.state)
            assert step.work.state.__dataclass_params__.frozen  # type: ignore[attr-defined]
            keys = [command.key for command in step.work.commands if command.key]
            assert len(keys) == len(set(keys)), "one key, one command"


def test_2_each_deliverable_is_looked_at_by_another(delivered: ServiceLine) -> None:
    for step in delivered.steps:
        if step.makes:
            looks = [other for other in delivered.steps if other.kind in ("review", "sign") and other.of == step.code]
            assert looks, step.code
            assert any(step.code in other.need.apart for other in looks), step.code


def test_3_blind_steps_compare(delivered: ServiceLine) -> None:
    blind = [step for step in delivered.steps if step.times > 1]
    if not blind:
        pytest.skip("no step is done more than once")
    assert all(step.same is not None for step in blind)


def test_14_an_upgrade_for_each_earlier_edition(line: ServiceLine) -> None:
    assert sorted(line.upgrade) == list(range(1, line.edition))


def test_15_the_declaration_is_locked(line: ServiceLine) -> None:
    """What agreements, cards and kept states refer to does not change without a new edition; words may."""
    locked = json.loads((HERE / "declarations.json").read_text())
    now = {"edition": line.edition, "sha256": declaration(line)}
    assert locked.get(line.code) == now, f"{line.code}: raise the edition and add an upgrade, then run `python -m tests.lines.test_declaration`"


def test_16_nothing_heavy_at_start() -> None:
    program = f"import sys; from remit.lines import lines; lines(); print([name for name in {HEAVY!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_19_every_word_is_marked(line: ServiceLine) -> None:
    """What is shown comes from a literal that extraction finds: marked by N_, or the sentence of a rule or reason."""
    marked = "".join(path.read_text() for path in Path(str(files("remit"))).rglob("*.py") if "N_(" in path.read_text())
    for words in shown(line):
        literal = json.dumps(words, ensure_ascii=False)
        assert literal in marked or f"'{words}'" in marked, words


def test_19_words_in_each_language(line: ServiceLine) -> None:
    folder = files("remit.lines") / line.code / "locale"
    catalogues = sorted(Path(str(folder)).glob("*/LC_MESSAGES/django.po"))
    if not catalogues:
        pytest.skip("no catalogue of its own yet")
    import polib

    house = Path(str(files("remit"))) / "locale"
    for catalogue in catalogues:
        both = (catalogue, house / catalogue.relative_to(str(folder)))  # what the formats say of a file stands in the house's
        said = {entry.msgid for file in both for entry in polib.pofile(str(file)) if entry.translated()}
        assert [words for words in shown(line) if words not in said] == [], catalogue.parent.parent.name


def test_20_acts_are_known_to_the_rules() -> None:
    known = {rule["act"] for path in Path(str(files("remit.rules"))).glob("*.toml") for rule in tomllib.loads(path.read_text()).get("rule", ())}
    needed = {step.need.act for line in lines().values() for step in line.steps if step.need.act}
    assert needed <= known
    named = {task.act for line in lines().values() for task in line.tasks if task.act}
    assert named <= known


def test_22_a_missing_engine_is_said(delivered: ServiceLine) -> None:
    if not any(step.engine for step in delivered.steps):
        pytest.skip("no step asks a program of its own process")
    raise AssertionError("an engine is declared: test that a missing and a hung one are said")


def test_23_readme(line: ServiceLine) -> None:
    text = (files("remit.lines") / line.code / "README.md").read_text()
    assert 400 < len(text) < 4000
    assert "Limits:" in text or "## Limits" in text
    assert "Sources:" in text or "## Sources" in text


def test_23_three_examples(delivered: ServiceLine) -> None:
    assert len(examples.names(delivered.code)) >= 3


def shown(line: ServiceLine) -> list[str]:
    """Every word that a line shows."""
    words = [line.says, *line.levels.values(), *line.measures.values(), *(task.says for task in line.tasks), *(slot.says for slot in line.slots)]
    for question in all_questions(line):
        words += [question.says, *question.choices.values()]
    for step in line.steps:
        words += [step.says, *(command.says for command in step.work.commands if step.work)] if step.work else [step.says]
    for rule in line.rules:
        words += [rule.says, *([rule.holds] if rule.holds else [])]
    return [text for text in words if text]


def declaration(line: ServiceLine) -> str:
    """A hash of codes, kinds and needs: all but words and functions."""
    told = {
        "tasks": [plain(task) for task in line.tasks],
        "questions": [plain(question) for question in line.questions],
        "slots": [{"code": slot.code, "least": slot.least, "most": slot.most, "value": slot.value.__name__, "holds": slot.holds} for slot in line.slots],
        "steps": [declared(step) for step in line.steps],
        "rules": sorted([rule.code, rule.severity, plain(rule.override)] for rule in line.rules if rule.code.split(".")[0] not in ("table",)),
        "bases": line.bases,
        "measures": list(line.measures),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def declared(step: Step) -> Any:
    """A step without its functions and words."""
    kept = ("code", "task", "kind", "of", "side", "each", "times", "share", "slots", "due")
    fields = {name: getattr(step, name) for name in kept} | {"need": plain(step.need), "effort": str(step.effort)}
    work = step.work
    if work:
        fields["state"] = [field.name for field in dataclasses.fields(work.state)]
        fields["commands"] = [[command.code, plain(command.fields)] for command in work.commands]
    return fields


def plain(value: Any) -> Any:
    """JSON without words: names of choices stay, what they say does not."""
    if isinstance(value, Finding):
        return value.code
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value) if field.name not in ("says", "holds_words")}
    if isinstance(value, Mapping):
        return list(value)
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


if __name__ == "__main__":
    locks = {code: {"edition": line.edition, "sha256": declaration(line)} for code, line in sorted(lines().items())}
    (HERE / "declarations.json").write_text(json.dumps(locks, indent=2) + "\n")
