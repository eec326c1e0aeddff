"""The law of a place as dated data: what a rule asks for an act, and which rules are in force on a day."""

from remit.domain.rules.parse import Fault, parse
from remit.domain.rules.values import Asks, Qualification, Rule, RuleSet, RuleSets

__all__ = ["Asks", "Fault", "Qualification", "Rule", "RuleSet", "RuleSets", "parse"]
