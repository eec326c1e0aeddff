"""Matching: each rule with what it takes and what it leaves, and laws over made-up books."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.domain.matching import match
from remit.domain.matching.doubts import swapped
from remit.domain.matching.sums import only_subset
from remit.domain.matching.traces import references_in, words_in
from remit.domain.reconciliation import Item, Matching

FIRST = date(2027, 1, 1)


def item(key: str, day: int, amount: str, text: str = "", name: str = "", reference: str = "", parts: int = 0) -> Item:
    """An item of January 2027."""
    return Item(key=key, on=FIRST + timedelta(days=day - 1), amount=Decimal(amount), text=text, counterparty=name, reference=reference, parts=parts)


def matched(found: Matching) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Sides by the rule's code; each rule at most once."""
    codes = [tie.why.code for tie in found.matches]
    assert len(codes) == len(set(codes))
    return {tie.why.code: (tie.statement, tie.ledger) for tie in found.matches}


def doubts(found: Matching) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """What needs a person."""
    return [(tie.why.code, tie.statement, tie.ledger) for tie in found.possible]


def test_the_same_reference_however_it_is_written() -> None:
    found = match([item("s", 12, "18920.00", "OPTIK NORD RE-26-1187")], [item("l", 9, "18920.0", "Receipt", reference="RE-26/1187")])
    assert matched(found) == {"recon.same_reference": (("s",), ("l",))}
    assert found.matches[0].why.values == {"reference": "RE261187", "days": 3}


def test_a_reference_may_be_paid_late_but_not_a_year_later() -> None:
    assert match([item("s", 50, "10.00", "RE-1001")], [item("l", 1, "10.00", "RE-1001")]).matches
    assert not match([item("s", 200, "10.00", "RE-1001")], [item("l", 1, "10.00", "RE-1001")]).matches


def test_words_tell_two_of_the_same_amount_apart() -> None:
    found = match(
        [item("s1", 5, "-500.00", "UEBERWEISUNG", "KESSLER OPTIK"), item("s2", 5, "-500.00", "UEBERWEISUNG", "BRANDT LOGISTIK")],
        [item("l1", 5, "-500.00", "Brandt Logistik"), item("l2", 5, "-500.00", "Keßler-Optik", "Kessler Optik")],
    )
    assert {(tie.statement[0], tie.ledger[0]) for tie in found.matches} == {("s1", "l2"), ("s2", "l1")}


def test_the_same_day_decides_before_a_near_one() -> None:
    found = match([item("s", 5, "77.00")], [item("l1", 5, "77.00"), item("l2", 7, "77.00")])
    assert matched(found) == {"recon.same_day": (("s",), ("l1",))}


def test_what_fits_twice_is_left_open_with_its_candidates() -> None:
    found = match([item("s", 6, "77.00")], [item("l1", 5, "77.00"), item("l2", 7, "77.00")])
    assert found.matches == ()
    assert doubts(found) == [("recon.one_of_several", ("s",), ("l1",)), ("recon.one_of_several", ("s",), ("l2",))]


def test_an_entry_posted_twice_is_no_silent_guess() -> None:
    found = match([item("s", 5, "77.00", "RE-1001")], [item("l1", 5, "77.00", "RE-1001"), item("l2", 5, "77.00", "RE-1001")])
    assert found.matches == ()
    assert len(found.possible) == 2


def test_interchangeable_ones_go_in_order() -> None:
    found = match([item(f"s{at}", 5, "49.90", "ABO 4471") for at in (1, 2)], [item(f"l{at}", 5, "49.90", "ABO 4471") for at in (1, 2)])
    assert [(tie.statement, tie.ledger) for tie in found.matches] == [(("s1",), ("l1",)), (("s2",), ("l2",))]


def test_the_clearly_nearest_of_a_monthly_payment() -> None:
    found = match([item("s1", 2, "-1200.00", "MIETE 4471"), item("s2", 31, "-1200.00", "MIETE 4471")], [item("l1", 1, "-1200.00", "Miete 4471")])
    assert [(tie.statement, tie.ledger) for tie in found.matches] == [(("s1",), ("l1",))]


def test_a_batch_by_its_id() -> None:
    parts = [item("l1", 14, "-4210.00", "Reuter Glas 0115"), item("l2", 14, "-6980.10", "Brandt 0115"), item("l3", 14, "-1216.20", "Stahl 0115")]
    found = match([item("s", 15, "-12406.30", "Collective transfer 0115")], parts)
    assert matched(found) == {"recon.sum_reference": (("s",), ("l1", "l2", "l3"))}


def test_a_payment_that_names_its_invoices() -> None:
    found = match([item("s", 15, "300.00", "RE-1001, RE-1002")], [item("l1", 10, "100.00", "RE-1001"), item("l2", 11, "200.00", "RE-1002")])
    assert matched(found) == {"recon.sum_named": (("s",), ("l1", "l2"))}


def test_a_credit_note_is_taken_off() -> None:
    found = match([item("s", 15, "80.00", "RE-1001 GU-2002")], [item("l1", 10, "100.00", "RE-1001"), item("l2", 11, "-20.00", "GU-2002")])
    assert matched(found) == {"recon.sum_named": (("s",), ("l1", "l2"))}


def test_many_to_one_by_words() -> None:
    days = [item("s1", 19, "1204.10", "Card settlement"), item("s2", 20, "986.45", "Card settlement"), item("s3", 21, "1377.00", "Card settlement")]
    found = match(days, [item("l", 21, "3567.55", "Card sales, week 3")])
    assert matched(found) == {"recon.sum_words": (("s1", "s2", "s3"), ("l",))}


def test_a_stated_count_of_payments() -> None:
    parts = [item("l1", 14, "-42.10", "Reuter"), item("l2", 14, "-1981.96", "Brandt"), item("l3", 14, "-7700.55", "Stahl")]
    assert matched(match([item("s", 15, "-2024.06", "SAMMLER", parts=2)], parts)) == {"recon.sum_count": (("s",), ("l1", "l2"))}
    assert match([item("s", 15, "-2024.06", "SAMMLER", parts=3)], parts).matches == ()


def test_a_sum_without_any_tie_is_only_a_suggestion() -> None:
    found = match([item("s", 15, "-2024.06", "SAMMLER")], [item("l1", 14, "-42.10", "Reuter"), item("l2", 14, "-1981.96", "Brandt")])
    assert found.matches == ()
    assert doubts(found) == [("recon.sum_fits", ("s",), ("l1", "l2"))]


@pytest.mark.parametrize(
    ("statement", "ledger", "code"),
    [
        (item("s", 25, "-7318.44", "RG-8821"), item("l", 25, "-7318.44", "RG-8812"), "recon.reference_swapped"),
        (item("s", 25, "-7318.44", "RG-8821"), item("l", 25, "-7318.44", "RG-9917"), "recon.reference_differs"),
        (item("s", 25, "-7318.44", "RG-8821"), item("l", 25, "-7381.44", "RG-8821"), "recon.amount_swapped"),
        (item("s", 25, "-7318.44", "", "Linde"), item("l", 25, "-7381.44", "", "Linde"), "recon.amount_swapped"),
        (item("s", 25, "-7318.44", "RG-8821"), item("l", 25, "-7315.44", "RG-8821"), "recon.amount_differs"),
        (item("s", 25, "-7318.44", "RG-8821"), item("l", 25, "7318.44", "RG-8821"), "recon.sign_differs"),
        (item("s", 25, "-7318.44", "", "Linde"), item("l", 25, "-7318.44", "", "Kessler"), "recon.names_differ"),
    ],
)
def test_doubts_are_said_and_not_matched(statement: Item, ledger: Item, code: str) -> None:
    found = match([statement], [ledger])
    assert found.matches == ()
    assert doubts(found) == [(code, ("s",), ("l",))]


def test_currencies_without_cents_and_with_three_places() -> None:
    assert match([item("s", 5, "1500")], [item("l", 5, "1500.000")]).matches
    assert not match([item("s", 5, "1500.001")], [item("l", 5, "1500.00")]).matches


def test_references_are_no_dates_and_no_years() -> None:
    assert references_in("Rechnung RE-26-1187 vom 12.01.2027, 2027-01-12, 01/27, 2027") == {"RE261187"}
    assert references_in("Teil 12 von 34") == set()


def test_words_are_folded() -> None:
    assert words_in("Müller-Lüdenscheidt & Söhne, Кафе Витоша") == {"MUELLER", "LUEDENSCHEIDT", "SOEHNE", "КАФЕ", "ВИТОША"}


def test_only_subset() -> None:
    assert only_subset([4210_00, 6980_10, 1216_20, 77_777_77], 4210_00 + 1216_20) == (0, 2)
    assert only_subset([500_00, 500_00, 77_777_77], 1000_00) == (0, 1)
    assert only_subset([500_00, 300_00, 200_00, 77_777_77], 500_00) == (1, 2), "one alone is no sum"
    assert only_subset([100_00, 200_00, 300_00, 400_00, 99_999_99], 500_00) is None, "two choices fit"
    assert only_subset(list(range(1, 30)), 55) is None, "so many subsets over so few sums tell nothing"


def test_swapped() -> None:
    assert swapped("RG8821", "RG8812")
    assert not swapped("RG8821", "RG8128")
    assert not swapped("RG8821", "RG8821")
    assert not swapped("RG8821", "RG88212")


ITEMS = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(["10.00", "20.00", "30.00", "-10.00", "12.34", "12.43", "5.00"]),
        st.sampled_from(["", "RE-1001", "RE-1010", "RE-1001 RE-1002", "Kessler", "Brandt Logistik", "Kessler RE-1002"]),
    ),
    max_size=9,
)


@settings(max_examples=150, deadline=None)
@given(left=ITEMS, right=ITEMS, seed=st.integers(0, 9))
def test_laws(left: list[tuple[int, str, str]], right: list[tuple[int, str, str]], seed: int) -> None:
    """Sums are equal to the cent, nothing is taken twice, the turned books give as much, and possible matches name open items only."""
    statement = [item(f"s{at}", *told) for at, told in enumerate(left)]
    ledger = [item(f"l{at}", *told) for at, told in enumerate(right)]
    amounts = {each.key: each.amount for each in (*statement, *ledger)}
    found = match(statement, ledger)
    taken = [key for tie in found.matches for key in (*tie.statement, *tie.ledger)]
    assert len(taken) == len(set(taken))
    for tie in found.matches:
        assert sum(amounts[key] for key in tie.statement) == sum(amounts[key] for key in tie.ledger)
        assert tie.why.says.format(**tie.why.values)
    for tie in found.possible:
        assert not set(taken) & {*tie.statement, *tie.ledger}
    assert match(statement, ledger) == found


def test_a_large_month_is_near_linear() -> None:
    """Ten thousand lines on either side, many of one amount: a quadratic search would take minutes."""
    chance = random.Random(1)
    statement = [item(f"s{at}", chance.randrange(1, 31), "49.90" if at % 3 else f"{at}.17", f"KD{at:06}") for at in range(10_000)]
    ledger = [item(f"l{at}", chance.randrange(1, 31), str(each.amount), each.text) for at, each in enumerate(statement)]
    found = match(statement, ledger)
    assert len(found.matches) == 10_000
    assert all(tie.statement[0][1:] == tie.ledger[0][1:] for tie in found.matches)
