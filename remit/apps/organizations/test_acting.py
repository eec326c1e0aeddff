"""What an action's input must be, said in sentences that can be translated."""

from __future__ import annotations

import pytest

from remit.apps.organizations.acting import ACTIONS, BadInput


@pytest.mark.parametrize(
    ("action", "given", "field", "code"),
    [
        ("sign_agreement", {}, "agreement", "input.missing"),
        ("sign_agreement", {"agreement": "x", "more": 1}, "more", "input.unknown"),
        ("sign_agreement", {"agreement": "AG-7K3F-9QXM"}, "agreement", "input.key"),
        ("add_site", {"name": ""}, "name", "input.short"),
        ("add_site", {"name": "x" * 81}, "name", "input.long"),
        ("add_site", {"country": "Germany"}, "country", "input.malformed"),
        ("add_entity", {"fiscal_year_start": 13}, "fiscal_year_start", "input.most"),
        ("add_entity", {"fiscal_year_start": 0}, "fiscal_year_start", "input.least"),
        ("add_entity", {"fiscal_year_start": "May"}, "fiscal_year_start", "input.number"),
        ("publish_card", {"valid_from": "soon"}, "valid_from", "input.day"),
        ("publish_card", {"lines": []}, "lines", "input.short"),
        ("grant_role", {"role": "king"}, "role", "input.choice"),
        ("grant_role", {"until": "soon"}, "until", "input.instant"),
        ("grant_role", {"limit_amount": "much"}, "limit_amount", "input.number"),
        ("add_site", {"name": "Sofia\x00"}, "name", "input.not_text"),
        ("add_site", {"name": "half a character \ud800"}, "name", "input.not_text"),
        ("answer_brief", {"answers": {"languages": ["de", "e\x00n"]}}, "answers", "input.not_text"),
        ("answer_brief", {"answers": {"a\x00": "de"}}, "answers", "input.not_text"),
    ],
)
def test_each_fault_names_its_field_in_a_sentence_of_ours(action: str, given: dict[str, object], field: str, code: str) -> None:
    with pytest.raises(BadInput) as bad:
        ACTIONS[action].parse(given)
    assert [reason.code for reason in bad.value.errors[field]] == [code]


def test_what_fits_is_typed() -> None:
    from decimal import Decimal

    from remit.apps.organizations.actions import LineIn

    line = {"service": "bookkeeping", "level": 2, "basis": "hour", "price": "34.50"}
    read = ACTIONS["publish_card"].parse({"series": "s", "currency": "EUR", "valid_from": "2026-01-01", "lines": [line]})
    assert read["lines"] == [LineIn(service="bookkeeping", level=2, basis="hour", price=Decimal("34.50"))]
    assert read["source"] == ""
