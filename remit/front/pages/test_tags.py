"""The tags: words in the reader's language, and one sprite with only the icons in use."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import LazySettings
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation

from remit.apps.records import clock
from remit.domain.money import Money
from remit.front.pages.icons import symbols


def rendered(text: str, **values: object) -> str:
    return Template("{% load remit %}" + text).render(Context(values))


def test_money_dates_and_minutes_follow_the_active_language():
    values = {"m": Money(Decimal("8519.00"), "EUR"), "d": date(2027, 2, 10), "at": datetime(2027, 2, 10, 8, 31, tzinfo=UTC)}
    text = "{{ m|money }} · {{ d|day }} · {{ at|instant:'Europe/Berlin' }} · {{ 450|minutes }}"
    assert rendered(text, **values) == "€8,519.00 · 10 Feb 2027 · 10 Feb 2027, 09:31 CET · 7 h 30"
    with translation.override("de"):
        assert rendered("{{ m|money }} · {{ d|day }}", **values) == "8.519,00\xa0€ · 10.02.2027"


def test_nothing_is_said_as_a_dash():
    assert rendered("{{ x|money }}{{ x|day }}{{ x|instant }}{{ x|minutes }}{{ x|number }}", x=None) == "–" * 5


def test_what_ends_by_the_real_clock_is_said_on_the_clock_that_the_demo_shows(settings: LazySettings, monkeypatch: pytest.MonkeyPatch):
    in_three_days = datetime.now(UTC) + timedelta(days=3)
    assert rendered("{{ at|by_clock|instant }}", at=in_three_days) == rendered("{{ at|instant }}", at=in_three_days)
    settings.DEMO = True
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 31, 9, 0, 30, tzinfo=UTC))
    assert rendered("{{ at|by_clock|instant }}", at=in_three_days) == "3 Feb 2027, 09:00 UTC"
    assert rendered("{% when at|by_clock %}", at=None) == "–"


def test_a_hash_is_shown_by_its_ends_and_copied_whole():
    assert rendered("{{ h|short_hash }} {{ h|whole_hash }}", h=bytes(range(32))) == f"00010203…1e1f {bytes(range(32)).hex()}"


def test_the_sprite_holds_each_icon_used_once_also_those_of_an_isolated_part():
    text = '{% icon "check" size="xs" %}{% icon name %}{% icon "check" %}{% include part only %}{% sprite %}'
    shown = rendered(text, name="ban", part=Template('{% load remit %}{% icon "lock" %}'))
    body, sprite = shown.split('<svg class="sprite"')
    assert [f'href="#i-{name}"' in body for name in ("check", "ban", "lock")] == [True] * 3
    assert sprite.count("<symbol") == 3
    assert all(symbols()[name] in sprite for name in ("check", "ban", "lock"))


def test_an_icon_that_is_not_there_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError, match="no icon"):
        rendered('{% icon "nosuchicon" %}')


def test_each_rendering_of_a_form_has_a_key_of_its_own():
    text = "{% once %}"
    assert 'name="idempotency_key"' in rendered(text)
    assert rendered(text) != rendered(text)


def test_the_steps_of_the_thread_stand_in_order_round_the_present_one():
    shown = rendered("{% crumb 'staff' states urls %}", states={"assess": "part"}, urls={"brief": "/b/", "staff": "/s/"})
    classes = [part.split('"')[0] for part in shown.split('<li class="')[1:]]
    assert classes == ["part", "done", "done", "done", "now", "todo", "todo", "todo", "todo"]
    assert '<a href="/b/">' in shown
    assert "/s/" not in shown


def test_text_of_people_is_escaped_in_every_part(rf: RequestFactory):
    evil = "<script>x</script>"
    text = "{% include 'parts/files.html' %}{% include 'parts/empty.html' with says=evil %}"
    shown = rendered(text, files=[{"name": evil, "url": "#", "sha256": "ab" * 32}], evil=evil)
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") >= 3
