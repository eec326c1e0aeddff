"""The public page of shared hours: figures, the address as its only memory, and what is wrong with an address."""

from datetime import date, time

import pytest
from django.test import Client
from django.utils import translation

from remit.front.pages import hours, limits

ADDRESS = {"a": "America/New_York", "a_opens": "09:00", "a_closes": "17:00", "b": "Asia/Kolkata", "b_opens": "13:30", "b_closes": "22:30", "year": "2026"}


@pytest.fixture(autouse=True)
def full_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PICTURES", limits.Buckets(burst=50, per_minute=50))


def test_both_clock_changes_stand_with_their_minutes(client: Client):
    answer = client.get("/hours/", ADDRESS)
    assert answer.status_code == 200
    year = answer.context["year"]
    assert [(stretch.day_from, stretch.shared_min) for stretch in year.stretches] == [
        (date(2026, 1, 1), 180),
        (date(2026, 3, 8), 240),
        (date(2026, 11, 1), 180),
    ]
    assert sum(month.shared_min for month in answer.context["months"]) == year.total_min
    first = answer.context["days"][0]
    assert (first.a_clock, first.b_clock) == ("09:00–12:00", "19:30–22:30")


def test_holidays_and_days_of_rest_are_left_out_where_asked(client: Client):
    every, working = (client.get("/hours/", ADDRESS | more).context["year"] for more in ({}, {"holidays": "on"}))
    on = {day.on: day for day in working.days}
    assert on[date(2026, 12, 25)].kind != "normal"
    assert working.total_min < every.total_min


def test_without_an_address_an_example_stands_there(client: Client):
    assert client.get("/hours/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"a": "Mars/Olympus"}, {"a_opens": "25:00"}, {"a_opens": "17:00"}, {"year": "1"}, {"year": "x"}, {"b": ""}, {"b_closes": "\x00"}, {"a": "a" * 5000}],
)
def test_what_is_wrong_with_an_address_is_said_at_its_field(client: Client, wrong: dict[str, str]):
    answer = client.get("/hours/", ADDRESS | wrong)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() <= {*wrong, "a_closes"}


def test_old_names_are_taken_but_only_offered_where_they_stand(client: Client):
    usual = client.get("/hours/").content.decode()
    assert '<option value="Asia/Kolkata"' in usual
    assert "Asia/Calcutta" not in usual
    old, new = (client.get("/hours/", ADDRESS | {"b": name}) for name in ("Asia/Calcutta", "Asia/Kolkata"))
    assert old.status_code == 200
    assert '<option value="Asia/Calcutta" selected' in old.content.decode()
    assert old.context["year"].total_min == new.context["year"].total_min


def test_a_place_in_no_country_rests_on_saturday_and_sunday():
    week = hours._hours("Antarctica/Troll", time(9), time(17), True).weekly
    assert [len(day) for day in week] == [1, 1, 1, 1, 1, 0, 0]


def test_too_many_are_asked_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "PICTURES", limits.Buckets(burst=1, per_minute=1))
    client.get("/hours/", ADDRESS)
    answer = client.get("/hours/", ADDRESS)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_in_every_language(client: Client):
    for language in ("de", "fr", "bg"):
        with translation.override(language):
            assert client.get("/hours/", ADDRESS, headers={"Accept-Language": language}).status_code == 200
