"""Contract, how a line behaves on its examples: 4, 6, 7, 8, 9, 10, 11, 12, 13, 17, 18, 21."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.domain.gate import Act, Need, PersonFacts, check
from remit.domain.line import Cannot, Case, Command, Finding, Move, Paper, Question, ServiceLine
from remit.domain.plain import from_plain, to_plain
from remit.domain.rules import RuleSets
from remit.formats import citations, ledgers, memos, statements, table
from remit.formats.hostile import Answer, run_limited
from remit.lines import apart, examples, lines
from remit.lines.examples import Example, Played
from tests.lines.conftest import CASES, DELIVERED, loaded, played

Playing = tuple[ServiceLine, Example, Played]
READERS = {*statements.RULES, *ledgers.RULES, *table.RULES, *memos.RULES, *citations.RULES}
"""Rules of the readers are tested where the readers are."""
HERE = Path(__file__).resolve().parent


def test_4_each_rule_of_its_own_is_hit(delivered: ServiceLine) -> None:
    hit = set()
    for code, name in CASES:
        if code == delivered.code:
            result = played(code, name)
            hit |= {finding.code for _, findings in result.papers for finding in findings} | {finding.code for finding in result.findings} | set(result.refused)
    own = {rule.code for rule in delivered.rules if rule.severity == "error" and rule.code not in READERS}
    assert own, "a line without a rule of its own checks nothing"
    assert own - hit == set()


def test_examples_come_out_as_expected(case: Playing) -> None:
    line, example, result = case
    for given_paper, findings in result.papers:
        errors = {(found.code, found.place.line, found.place.field) for found in findings if line.rule(found.code).severity == "error"}
        assert set(given_paper.refused) <= errors, given_paper.name
        assert bool(errors) == bool(given_paper.refused), given_paper.name
    assert [finding.code for finding in result.findings] == example.expects["findings"]
    assert list(result.refused) == [made.cannot for made in example.moves if made.cannot]
    if "quantities" in example.expects:
        assert {quantity.measure: str(quantity.count) for quantity in line.count(result.case)} == example.expects["quantities"]
    assert {quantity.measure for quantity in line.count(result.case)} <= set(line.measures)


def test_6_readers_never_raise(case: Playing) -> None:
    line, example, _ = case
    chance = random.Random(f"{line.code} {example.name}")
    for given_paper in example.papers:
        slot = line.slot(given_paper.slot)
        for data in spoilt(given_paper.data, chance):
            value, findings = slot.read(paper(data), example.entity)
            found = list(findings)
            assert all(finding.code in {rule.code for rule in line.rules} for finding in found)
            if value is None:
                assert any(line.rule(finding.code).severity == "error" for finding in found)
            else:
                assert isinstance(value, slot.value)
                list(slot.fits(value, Case(entity=example.entity, period=example.period, on=example.on)))


def test_papers_are_read_apart_as_here(case: Playing) -> None:
    """A value goes from one process to another, so it is made of plain values and frozen dataclasses of ours."""
    line, example, _ = case
    for given_paper in example.papers:
        sent = paper(given_paper.data)
        outcome = run_limited(apart.read, given_paper.data, line.code, given_paper.slot, sent.name, sent.sha256, dict(example.entity))
        value, findings = line.slot(given_paper.slot).read(sent, example.entity)
        assert outcome == Answer((value, tuple(findings)))


def spoilt(data: bytes, chance: random.Random) -> list[bytes]:
    """Empty, cut, flipped, shuffled, another encoding, and bytes that are nothing."""
    cut = [data[: chance.randrange(len(data))] for _ in range(6)]
    flipped = []
    for _ in range(10):
        bad = bytearray(data)
        for _ in range(chance.randrange(1, 4)):
            bad[chance.randrange(len(bad))] ^= 1 << chance.randrange(8)
        flipped.append(bytes(bad))
    return [b"", b"\0" * 50, chance.randbytes(400), data[::-1], data.decode("utf-8", "replace").encode("utf-16"), *cut, *flipped]


def paper(data: bytes) -> Paper:
    """As a slot reads it."""
    return Paper("given", "", lambda: io.BytesIO(data))


def test_7_values_and_states_survive_json(case: Playing) -> None:
    line, _, result = case
    for code, papers in result.case.papers.items():
        for kept in papers:
            assert from_plain(line.slot(code).value, through_json(kept.value)) == kept.value
    for code, states in result.case.states.items():
        work = line.step(code).work
        assert work is not None
        for state in states:
            assert from_plain(work.state, through_json(state)) == state
    if line.carry and line.carried:
        carried = line.carry(result.case)
        assert isinstance(carried, line.carried)
        assert from_plain(line.carried, through_json(carried)) == carried


def through_json(value: Any) -> Any:
    """Plain, written and read again."""
    return json.loads(json.dumps(to_plain(value)))


def test_8_apply_is_pure_and_the_journal_replays(case: Playing) -> None:
    """After a correction the replay stops at the move that names what is no longer there."""
    line, example, result = case
    again = replace(result.case, states={})
    if any(given_paper.late or given_paper.taken_back for given_paper in example.papers):
        with pytest.raises(Cannot):
            examples.after(line, again, result.journal[0][0], *(move for _, move in result.journal))
        return
    for step, move in result.journal:
        before = to_plain(again.state(step)) if again.states.get(step) else None
        then = examples.after(line, again, step, Move(move.command, json.loads(json.dumps(to_plain(move.values)))))
        assert before is None or to_plain(again.state(step)) == before
        again = then
    assert again.states == result.case.states


def values_for(fields: tuple[Question, ...]) -> st.SearchStrategy[Mapping[str, Any]]:
    """Well-typed nonsense for a form."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": st.text(max_size=20),
        "number": st.integers(),
        "money": st.decimals(allow_nan=False, allow_infinity=False, places=2).map(str),
        "date": st.dates().map(str),
        "yes": st.booleans(),
        "language": st.sampled_from(["de", "bg"]),
        "person": st.text(max_size=5),
        "rows": st.lists(st.text(max_size=16), max_size=4),
    }
    return st.fixed_dictionaries({field.code: st.sampled_from(sorted(field.choices)) if field.kind == "choice" else kinds[field.kind] for field in fields})


@pytest.mark.parametrize("code", DELIVERED)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_9_nonsense_gives_cannot_or_a_state(code: str, data: st.DataObject) -> None:
    line = lines()[code]
    result = played(*data.draw(st.sampled_from([case for case in CASES if case[0] == code])))
    for step in line.steps:
        if step.work is None:
            continue
        state = result.case.state(step.code) or step.work.start(result.case)
        for command in step.work.commands:
            values = data.draw(values_for(command.fields))
            then, refusal = applied(command, result.case, state, values)
            assert isinstance(then, step.work.state) or refusal
            assert all(line.rule(finding.code) for finding in refusal)


def applied(command: Command, case: Case, state: Any, values: Mapping[str, Any]) -> tuple[Any, tuple[Finding, ...]]:
    """The next state, or why there is none."""
    try:
        return command.apply(case, state, values), ()
    except Cannot as cannot:
        return None, cannot.findings


def test_10_many_is_the_fold_and_11_suggestions_apply(case: Playing) -> None:
    line, _, result = case
    for step in line.steps:
        if step.work is None:
            continue
        commands = {command.code: command for command in step.work.commands}
        start = step.work.start(result.case)
        moves = list(step.work.suggest(result.case, start))
        for move in moves:
            assert move.why is not None, "a suggestion says why"
            assert line.rule(move.why.code).severity == "note"
            assert isinstance(commands[move.command].apply(result.case, start, move.values), step.work.state)
        for command in commands.values():
            sure = tuple(move.values for move in moves if move.command == command.code and move.sure)
            if command.many is None or not sure:
                continue
            one_by_one = start
            for values in sure:
                one_by_one = command.apply(result.case, one_by_one, values)
            assert command.many(result.case, start, sure) == one_by_one


def test_12_blindness(delivered: ServiceLine) -> None:
    if all(step.times == 1 for step in delivered.steps):
        pytest.skip("no step is done blind by several")
    raise AssertionError("a blind step is declared: test that a pass sees its own state only")


def test_13_the_same_bytes_under_another_hash_seed() -> None:
    program = "from tests.lines.test_conduct import outcome; print(outcome())"
    told = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE.parents[1])}
        ).stdout
        for seed in ("1", "4711")
    }
    assert len(told) == 1
    assert len(next(iter(told))) > 1000


def said(words: str, /, **values: Any) -> str:
    """English, filled plainly."""
    return words.format(**values)


def outcome() -> str:
    """All that an example of each line gives, as text."""
    told = []
    for code in DELIVERED:
        line = lines()[code]
        result = max((played(*case) for case in CASES if case[0] == code), key=lambda result: len(result.journal))
        for step in line.steps:
            if step.makes:
                made = step.makes(result.case, said)
                told.append(repr(made.document) + repr({name: b"".join(chunks) for name, chunks in made.files.items()}))
            if step.work:
                start = step.work.start(result.case)
                told += [repr(list(step.work.suggest(result.case, start))), json.dumps(to_plain(result.case.state(step.code) or start))]
    return "\n".join(told)


def test_17_errors_carry_line_or_field(case: Playing) -> None:
    line, _, result = case
    for _, findings in result.papers:
        for finding in findings:
            if line.rule(finding.code).severity == "error":
                assert finding.place.line or finding.place.field, finding.code
    for finding in result.findings:
        assert finding.place.path, finding.code


def test_17_findings_can_be_said(case: Playing) -> None:
    """Every name in a rule's sentence is among the values."""
    line, _, result = case
    for finding in (*result.findings, *(finding for _, findings in result.papers for finding in findings)):
        said = line.rule(finding.code).says.format(**finding.values)
        assert "{" not in said


def test_18_states_of_old_editions_load(delivered: ServiceLine) -> None:
    kept = sorted((HERE / "states" / delivered.code).glob("*.json"))
    assert [path.stem for path in kept] == [str(edition) for edition in range(1, delivered.edition + 1)]
    for path in kept:
        told = json.loads(path.read_text())
        for edition in range(int(path.stem), delivered.edition):
            told = delivered.upgrade[edition](told)
        result = played(delivered.code, told["case"])
        for step, plain in told["states"].items():
            work = delivered.step(step).work
            assert work is not None
            state = from_plain(work.state, plain)
            assert to_plain(state) == plain
            board = work.show(replace(result.case, states={step: (state,)}), state)
            assert list(board.rows)
            assert set(board.commands) <= {command.code for command in work.commands}


def test_21_an_unqualified_person_is_refused(delivered: ServiceLine) -> None:
    """Someone without level, experience and credential may do no step of the line, whatever the act."""
    nobody = PersonFacts(key="nobody", levels=(), experience=(), credentials=(), languages=(), software=(), hours=(), places=())
    for step in delivered.steps:
        act = {"review": Act.REVIEW, "sign": Act.SIGN}.get(step.kind, Act.PREPARE)
        verdict = check(nobody, act, Need(step=step.need, field=delivered.field, jurisdiction="DE"), datetime(2027, 1, 15, 9, tzinfo=UTC), RuleSets())
        assert not verdict.allowed, step.code
        assert verdict.reasons


def test_amounts_are_exact(case: Playing) -> None:
    """No float comes in anywhere: the plain form refuses them, and sums of money are decimals."""
    line, example, result = case
    for quantity in line.count(result.case):
        assert isinstance(quantity.count, Decimal)
    assert loaded(line.code, example.name) == example
