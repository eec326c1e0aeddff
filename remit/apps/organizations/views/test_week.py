"""Working hours as people write and read them."""

from hypothesis import given
from hypothesis import strategies as st

from remit.apps.organizations.views import week


def test_windows_are_read_and_an_end_before_its_start_is_the_next_day() -> None:
    assert week.windows("08:30-12:00, 13:00 – 17:30") == [(510, 720), (780, 1050)]
    assert week.windows("22:00-06:00") == [(1320, 1800)]
    assert week.windows("00:00-24:00") == [(0, 1440)]
    assert week.windows("9 to 5") == week.windows("09:00-18:00, ") == week.windows("25:00-26:00") == []


def test_runs_of_the_same_days_are_said_together() -> None:
    assert week.said([[[540, 1080]]] * 4 + [[[540, 840]], [], []]) == ["Mon – Thu 09:00–18:00", "Fri 09:00–14:00"]
    assert week.said([[]] * 7) == []
    assert week.said([[[1320, 1800]], [], [], [], [], [], []]) == ["Mon 22:00–06:00"]


@given(st.text(max_size=60))
def test_no_text_makes_it_stumble(text: str) -> None:
    for start, end in week.windows(text):
        assert 0 <= start < 1440
        assert start < end <= start + 1440
