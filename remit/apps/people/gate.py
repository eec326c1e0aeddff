"""The gate as the apps ask it: load what is known of a person, take the rules in force, judge; and how a verdict enters the record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from remit.apps.organizations.models import RuleSet
from remit.apps.people.models import Person
from remit.domain import gate
from remit.domain.reasons import N_
from remit.domain.record.decision import CheckedCredential, RuleReference
from remit.domain.rules import RuleSets
from remit.formats import rules as rule_files

ELSEWHERE = N_("elsewhere in it: only the rules of the whole country are known")


class NoSuchPerson(LookupError):
    """No person of that key whom the acting organization may see."""


def check(person: UUID, act: gate.Act, need: gate.Need, at: datetime) -> gate.Verdict:
    """May this person do this act, for this need, at this instant? Runs in the acting organization, whose own rows count. Raises NoSuchPerson."""
    return check_all([person], act, need, at)[person]


def check_all(persons: Iterable[UUID], act: gate.Act, need: gate.Need, at: datetime) -> dict[UUID, gate.Verdict]:
    """The same for many in a fixed number of queries. Raises NoSuchPerson for the first whom nobody here may see."""
    wanted = list(persons)
    found = {person.id: person for person in Person.objects.filter(id__in=wanted).for_facts()}
    for key in wanted:
        if key not in found:
            raise NoSuchPerson(key)
    rules = rule_sets()
    return {key: gate.check(found[key].facts(), act, need, at, rules) for key in wanted}


@lru_cache(maxsize=1)
def rule_sets() -> RuleSets:
    """The rule files of this installation, as they stood when it was started: Remit's own, and those of its administrator."""
    return rule_files.installed(own_rules())


def own_rules() -> Path:
    """The folder in which an administrator puts files of further jurisdictions, or other ones than Remit's."""
    return Path(settings.REMIT_DATA) / "rules"


@lru_cache(maxsize=1)
def titles() -> tuple[str, ...]:
    """Titles that some rule asks for, as the rules spell them: a title spelled otherwise is another one."""
    asked = (one for each in rule_sets().sets for rule in each.rules for one in rule.asks.any_of)
    return tuple(sorted({title for one in asked for title in one.credentials}, key=str.casefold))


def parts(country: str, language: str = "en") -> dict[str, str]:
    """Code and name of each part of a country whose law differs, with the country itself for whatever lies in none; empty where its law is one."""
    found = {each.jurisdiction: each.name.get(language) or each.name.get("en") or each.jurisdiction for each in rule_sets().parts(country)}
    return found | {country: ELSEWHERE} if found else {}


def store_rule_sets(at: datetime) -> None:
    """Keep each rule file as it stands, by its hash, so that a decision can be read against it years later."""
    for name, content in rule_files.contents(own_rules()).items():
        read, _faults = rule_files.read(content, name)
        if read is not None:
            RuleSet.objects.get_or_create(sha256=read.sha256, defaults={"jurisdiction": read.jurisdiction, "content": content, "stored_at": at})


def evidence(verdict: gate.Verdict) -> dict[str, Any]:
    """The fields of a decision that say what the gate looked at: rules by hash, the credential relied on, and what it only warned of."""
    checked = verdict.checked
    fields: dict[str, Any] = {
        "rules": tuple(RuleReference(id=rule.id, version=str(rule.edition), sha256=rule.set_sha256) for rule in checked.rules),
    }
    if verdict.allowed and verdict.warned:
        fields["reasons"] = verdict.warned
    if checked.credentials:
        relied = checked.credentials[0]
        fields["credential"] = CheckedCredential(
            id=UUID(relied.key),
            kind=relied.kind,
            issuer="",
            jurisdiction=relied.jurisdiction,
            proof_state=relied.proof,
            seen_sha256=relied.saw_sha256,
        )
    return fields
