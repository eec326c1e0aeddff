"""Every verdict is explained by the facts of its task and the rules of the day, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from remit.domain.assessment import Class, assess
from remit.domain.line import Task
from remit.domain.rules import Asks, Rule, RuleSet, RuleSets

ON = date(2026, 9, 1)
Stays = Literal["client", "licensed", "anyone"]


def rule(stays_with: Stays, held_by: Literal["person", "responsible"] = "person", until: date | None = None) -> RuleSets:
    asks = Asks(stays_with=stays_with, held_by=held_by)
    made = Rule(
        id="zz-1", act="act", words={"en": "words"}, source="Act, s. 1", valid_from=date(2020, 1, 1), valid_until=until, verified=True, seen="", asks=asks
    )
    return RuleSets((RuleSet("ZZ", (made,), "0" * 64),))


flags = st.booleans()
tasks = st.builds(
    lambda procedure, one, zone, lay, presence, own, act, critical: Task(
        "t", "task", procedure, one, zone, act=act, lay_check=lay, presence=presence, own_decision=own, critical=critical
    ),
    flags, flags, st.integers(1, 5), flags, flags, flags, st.sampled_from(("", "act")), st.integers(1, 3),
)  # fmt: skip
rule_sets = st.sampled_from([RuleSets(), rule("client"), rule("licensed"), rule("licensed", "responsible"), rule("anyone")])


@given(tasks, rule_sets)
def test_each_verdict_follows_from_its_own_reasons(task: Task, rules: RuleSets) -> None:
    verdict = assess(task, "ZZ", rules, ON)
    codes = {reason.code for reason in verdict.reasons}
    keeps = codes & {"assess.presence", "assess.own_decision", "assess.reserved_client"}
    assert (verdict.outcome is Class.KEEP) == bool(keeps)
    assert ("assess.presence" in codes) == task.presence
    assert ("assess.own_decision" in codes) == task.own_decision
    if verdict.outcome is Class.BPO:
        assert {"assess.procedure", "assess.one_answer", "assess.zone_low"} <= codes
        assert "assess.reserved_licensed" not in codes
    if verdict.outcome is Class.KPO:
        assert codes & {"assess.no_procedure", "assess.many_answers", "assess.zone_high", "assess.reserved_licensed"}
    assert len(codes) == len(verdict.reasons)
    assert (verdict.decides == "client") == (bool(keeps) or task.critical == 3)


@given(tasks, rule_sets)
def test_a_rule_is_named_with_its_source_and_no_rule_is_said(task: Task, rules: RuleSets) -> None:
    verdict = assess(task, "ZZ", rules, ON)
    by_rule = [reason for reason in verdict.reasons if reason.code.startswith(("assess.reserved", "assess.open"))]
    assert bool(by_rule) == bool(task.act and rules.sets)
    assert all((reason.rule_id, reason.rule_source) == ("zz-1", "Act, s. 1") for reason in by_rule)
    unknown = any(reason.code == "assess.rule_unknown" for reason in verdict.reasons)
    assert unknown == (bool(task.act) and not rules.sets)


def test_a_rule_counts_on_its_days_only() -> None:
    task = Task("t", "task", True, True, 3, act="act")
    rules = rule("client", until=ON)
    assert assess(task, "ZZ", rules, date(2026, 8, 31)).outcome is Class.KEEP
    assert assess(task, "ZZ", rules, ON).outcome is Class.BPO
    assert assess(task, "AA", rule("client"), ON).outcome is Class.BPO


def test_a_rule_that_reserves_nothing_is_no_reason_to_keep() -> None:
    task = Task("t", "task", True, True, 3, act="act")
    assert "assess.open" in {reason.code for reason in assess(task, "ZZ", rule("anyone"), ON).reasons}
    (only,) = rule("anyone").sets
    asks = replace(only.rules[0], asks=Asks(mechanisms=("clauses",)))
    verdict = assess(task, "ZZ", RuleSets((replace(only, rules=(asks,)),)), ON)
    assert verdict.outcome is Class.BPO
    assert "assess.conditions" in {reason.code for reason in verdict.reasons}
