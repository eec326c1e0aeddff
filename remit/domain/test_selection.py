"""The shortlist: who passes and why not, one offer a provider, a method that can be redone by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain import selection
from remit.domain.calendars import Calendar, WorkingHours
from remit.domain.gate import Credential, Experience, Hours, Language, Level, Place, Profile, Proof, Software
from remit.domain.line import Need, ServiceLine, Step, Task
from remit.domain.rules import Asks, Qualification, Rule, RuleSet, RuleSets
from remit.domain.selection import CRITERIA, Offer, shortlist

AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
SOFIA = WorkingHours.on_weekdays("Europe/Sofia", time(9), time(18), Calendar("BG"))
MANILA = WorkingHours.on_weekdays("Asia/Manila", time(9), time(18), Calendar("PH"))
LINE = ServiceLine(
    code="ledger",
    field="accounting",
    says="Ledger",
    edition=1,
    levels={},
    tasks=(Task("t", "Reconcile", procedure=True, one_answer=True, zone=3, act="book"),),
    steps=(Step("do", "Reconcile", "t", need=Need(level=2, act="book")), Step("look", "Look through", "t", need=Need(level=3, act="book"), kind="review")),
)
ANSWERS = {
    "client_country": "ZZ", "language": "de", "language_level": "B2", "level": "2", "hours_a_month": 100, "software": "DATEV", "shared_min": 240,
    "zone": "Europe/Berlin", "opens": "09:00", "closes": "18:00", "confidentiality": "ordinary",
}  # fmt: skip
WAY = Qualification(credentials=("Licence",), jurisdictions=("ZZ",), field="ledger", years=3)
RULES = RuleSets(
    (
        RuleSet(
            "ZZ",
            (
                Rule(
                    id="zz-1",
                    act="book",
                    source="Act, s. 1",
                    valid_from=date(2000, 1, 1),
                    asks=Asks(stays_with="licensed", held_by="responsible", any_of=(WAY,)),
                ),
            ),
            "0" * 64,
        ),
    )
)


def someone(level: int = 3, german: str | None = "C1", proof: Proof | None = None, hours: WorkingHours = SOFIA, until: date | None = None) -> Profile:
    held = (Credential.stated("Licence", "ZZ", date(2015, 1, 1), until, proof, AT),) if proof else None
    return Profile(
        levels=(Level(level=level),),
        experience=(Experience(field="ledger", start_on=date(2015, 1, 1)),),
        credentials=held,
        languages=(Language(code="de", level=german),) if german else None,
        software=(Software(code="DATEV"),),
        hours=(Hours(hours=hours),),
        places=(Place(country="BG"),),
    )


TEAM = (someone(4, "C1", Proof.VERIFIED), someone(), someone(2, "B2"))


def offer(provider: str = "rila", people: tuple[Profile, ...] = TEAM, price: str = "34", **other: object) -> Offer:
    return replace(
        Offer(
            provider=provider, name=provider.title(), place="Sofia, BG", languages=("de", "en"), hours=SOFIA, currency="EUR", card="RC-1",
            prices={2: Decimal(price)}, profiles=people,
        ),
        **other,
    )  # fmt: skip


def found(*offers: Offer, **answers: object) -> selection.Shortlist:
    return shortlist(LINE, ANSWERS | answers, "client", offers, AT, RULES)


def codes(*offers: Offer, **answers: object) -> list[str]:
    (out,) = found(*offers, **answers).out
    return [reason.code for reason in out.reasons]


def test_a_provider_passes_with_one_who_answers_and_two_who_work() -> None:
    (one,) = found(offer()).candidates
    assert (one.people, one.price.amount, one.year_total.amount) == (3, Decimal(34), Decimal("40800.00"))
    assert one.proofs == (("Licence", "ZZ", "verified", None),)
    assert one.languages == (("de", "C1"),)
    assert one.shared is not None
    assert one.shared.typical_min == 480
    assert {"gate.held.level", "gate.held.language", "gate.held.hours", "gate.held.credential"} <= {reason.code for reason in one.held}


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        ((), "select.no_people"),
        ((someone(4, "C1", Proof.VERIFIED),), "select.too_few"),
        ((someone(2, "C1", Proof.VERIFIED), someone(2)), "gate.level"),
        ((someone(4, "C1", Proof.SELF_DECLARED), someone()), "gate.credential_unverified"),
        ((someone(4, "C1", Proof.VERIFIED, until=date(2026, 8, 31)), someone()), "gate.credential_lapsed"),
        ((someone(4, "A2", Proof.VERIFIED), someone(3, "A2")), "gate.language"),
        ((someone(4, None, Proof.VERIFIED), someone(3, None)), "gate.unknown_language"),
        ((someone(4, "C1", Proof.VERIFIED, MANILA), someone(hours=MANILA)), "gate.hours"),
    ],
)
def test_who_is_out_says_why(people: tuple[Profile, ...], reason: str) -> None:
    assert reason in codes(offer(people=people))


def test_what_the_offer_itself_lacks_is_said_with_its_cure() -> None:
    (out,) = found(offer(languages=("en",), prices={3: Decimal(40)})).out
    assert [reason.code for reason in out.reasons] == ["select.designation_language", "select.no_price"]
    assert all(reason.cure for reason in out.reasons)
    (lapsed,) = found(offer(people=(someone(4, "C1", Proof.PENDING), someone()))).out
    (by_rule,) = [reason for reason in lapsed.reasons if reason.rule_id]
    assert (by_rule.rule_id, by_rule.rule_source, by_rule.code) == ("zz-1", "Act, s. 1", "gate.credential_unverified")


def test_steps_that_lack_the_same_stand_under_one_heading() -> None:
    (out,) = found(offer(people=(someone(4, "A2", Proof.VERIFIED), someone(3, "A2")))).out
    assert [reason.code for reason in out.reasons] == ["select.nobody", "gate.language"]
    assert out.reasons[0].values["step"] == ("Reconcile", "Look through")
    (other,) = found(offer(people=(someone(1, "C1", Proof.VERIFIED), someone(1)))).out
    assert [reason.code for reason in other.reasons] == ["select.nobody", "gate.level"] * 2


def test_zero_is_a_price() -> None:
    listed = found(offer(price="0"), offer("b"))
    assert [each.offer.provider for each in listed.candidates] == ["rila", "b"]
    assert listed.ranking[1].points["price"] == 0


def test_other_currencies_are_not_compared() -> None:
    listed = found(offer("a"), offer("b"), offer("c", currency="GBP"))
    assert [each.offer.provider for each in listed.candidates] == ["a", "b"]
    assert [reason.code for reason in listed.out[0].reasons] == ["select.currency"]


def test_of_several_offers_by_one_provider_the_best_counts() -> None:
    poor = offer(people=(someone(2),), place="Casablanca, MA")
    for offers in ((poor, offer()), (offer(), poor)):
        listed = found(*offers)
        assert [each.offer.place for each in (*listed.candidates, *listed.out)] == ["Sofia, BG"]


def test_a_service_without_steps_asks_its_acts_that_may_leave() -> None:
    keep = Task("k", "Sign", procedure=False, one_answer=False, zone=4, own_decision=True, act="sign")
    bare = replace(LINE, steps=(), tasks=(*LINE.tasks, keep))
    listed = shortlist(bare, ANSWERS, "client", [offer(), offer("b", people=(someone(), someone()))], AT, RULES)
    assert [each.offer.provider for each in listed.candidates] == ["rila"]
    assert listed.out[0].reasons[0].values["step"] == ("Reconcile",)


def test_nothing_offered_is_an_empty_list() -> None:
    listed = found()
    assert (listed.candidates, listed.out, listed.ranking, listed.turns) == ((), (), (), ())


prices = st.lists(st.integers(1, 90), min_size=2, max_size=5, unique=True)


@settings(max_examples=25, deadline=None)
@given(prices)
def test_alike_but_for_the_price_the_cheapest_leads_whatever_the_weights(given_prices: list[int]) -> None:
    listed = found(*(offer(f"p{number}", price=str(price)) for number, price in enumerate(given_prices)))
    assert [int(each.price.amount) for each in listed.candidates] == sorted(given_prices)
    weight = next(criterion.weight for criterion in CRITERIA if criterion.code == "price")
    for each, ranked in zip(listed.candidates, listed.ranking, strict=True):
        assert abs(ranked.points["price"] * each.price.amount - 100 * min(given_prices)) <= each.price.amount
        assert abs(ranked.total - (100 - weight + weight * min(given_prices) / each.price.amount)) <= Decimal("0.05")
    assert listed.turns == ()


def test_what_would_change_the_winner_does() -> None:
    listed = found(offer("near"), offer("cheap", people=(someone(4, "B2", Proof.VERIFIED), someone(3, "B2")), price="20"))
    assert listed.candidates[0].offer.provider == "near"
    turn = next(turn for turn in listed.turns if turn.criterion == "price")
    rest = (Decimal(100) - turn.weight) / (100 - next(c.weight for c in CRITERIA if c.code == "price"))
    reweighed = [replace(c, weight=turn.weight if c.code == "price" else c.weight * rest) for c in CRITERIA]
    reweighed[0] = replace(reweighed[0], weight=100 - sum(c.weight for c in reweighed[1:]))
    other = shortlist(LINE, ANSWERS, "client", [each.offer for each in listed.candidates], AT, RULES, reweighed)
    assert (turn.winner, other.candidates[0].offer.provider) == ("cheap", "cheap")
