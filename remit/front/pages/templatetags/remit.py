"""What templates say and draw: money, dates and reasons in the reader's language; icons, the thread's steps, the key that makes a click count once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from remit.apps.records import clock
from remit.domain.line import Finding, Rule
from remit.domain.money import Money
from remit.domain.reasons import Reason
from remit.formats.words import Words
from remit.front.pages.icons import symbols

register = template.Library()

STEPS = {
    "assess": _("Assess"),
    "brief": _("Brief"),
    "select": _("Select"),
    "agree": _("Agree"),
    "staff": _("Staff"),
    "deliver": _("Deliver"),
    "record": _("Record"),
    "bill": _("Bill"),
    "review": _("Review"),
}
"""The thread's nine steps in their order."""


def _words() -> Words:
    return Words(get_language() or "en")


@register.filter
def money(amount: Money | None) -> str:
    """An amount with its currency."""
    return _words().value(amount)


@register.filter
def number(value: Decimal | int | None, places: int | None = None) -> str:
    """A number, with exactly `places` decimals where that is said."""
    return _words().value(None) if value is None else _words().number(value, places)


@register.filter
def percent(share: Decimal | None, places: int = 1) -> str:
    """A share of one."""
    return _words().value(None) if share is None else _words().percent(share, places)


@register.filter
def day(on: date | None) -> str:
    """A date; of an aware datetime its own date, in the zone that it stands in."""
    return _words().value(on.date() if isinstance(on, datetime) else on)


@register.filter
def month(on: date) -> str:
    """The month that holds a date."""
    return _words().month(on)


@register.filter
def instant(at: datetime | None, zone: str = "UTC") -> str:
    """Date and time on the clocks of `zone`."""
    return _words().value(at, zone or "UTC")


@register.simple_tag
def when(at: datetime | None, zone: str = "UTC") -> str:
    """`instant` in a `time` element."""
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), instant(at, zone)) if at else instant(None)


@register.filter
def by_clock(at: datetime | None) -> datetime | None:
    """An instant of the real clock on the clock that the page shows; the two differ in the demo alone."""
    return clock.shown(at) if at else None


@register.filter
def minutes(count: int | None) -> str:
    """Minutes as hours and minutes."""
    return _words().value(None) if count is None else _words().duration(count)


@register.filter
def say(what: Reason | str | None) -> str:
    """A reason, or a sentence or word that the domain marked, in the reader's language."""
    return _words().reason(what) if isinstance(what, Reason) else _words().text(str(what or ""))


@register.filter
def in_language(words: Mapping[str, str]) -> str:
    """Of words by language the reader's; else the English."""
    return words.get(_words().language) or words.get("en", "")


@register.filter
def value(what: Any, zone: str = "UTC") -> str:
    """Any plain value by its type."""
    return _words().value(what, zone or "UTC")


@register.filter
def found(finding: Finding, rules: Iterable[Rule] | Mapping[str, Rule]) -> str:
    """What a finding says, by the rule of its code among `rules`."""
    rule = _rule(finding, rules)
    return _words().finding(finding, rule) if rule else finding.code


@register.filter
def severity(finding: Finding, rules: Iterable[Rule] | Mapping[str, Rule]) -> str:
    """`error`, `warning` or `note`; an unknown code is an error."""
    rule = _rule(finding, rules)
    return rule.severity if rule else "error"


@register.filter
def place(finding: Finding) -> str:
    """Where a finding lies."""
    return _words().place(finding.place)


def _rule(finding: Finding, rules: Iterable[Rule] | Mapping[str, Rule]) -> Rule | None:
    if isinstance(rules, Mapping):
        return rules.get(finding.code)
    return next((rule for rule in rules or () if rule.code == finding.code), None)


@register.filter
def whole_hash(digest: bytes | memoryview | str | None) -> str:
    """A hash in hexadecimal."""
    return digest.hex() if isinstance(digest, bytes | memoryview) else str(digest or "")


@register.filter
def short_hash(digest: bytes | memoryview | str | None) -> str:
    """The two ends of a hash; the whole stands behind the copy button."""
    text = whole_hash(digest)
    return f"{text[:8]}…{text[-4:]}" if len(text) > 16 else text


@register.filter
def initials(name: str) -> str:
    """Of the first and the last word of a name."""
    words = name.split()
    return "".join(word[0].upper() for word in (words if len(words) < 2 else [words[0], words[-1]]))


@register.simple_tag
def picture(svg: str) -> SafeString:
    """An SVG drawing that the program itself drew; text in it was escaped where it was drawn."""
    return mark_safe(svg)


@register.simple_tag(takes_context=True)
def once(context: Context) -> SafeString:
    """The hidden key by which a second click is known for the first, and for whom the form was opened: it is taken for nobody else."""
    key = format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid.uuid4())
    by = getattr(context.get("request"), "by", None)
    if by is None:
        return key
    return key + format_html('<input type="hidden" name="acting_for" value="{}">', by.on_behalf_of.deputy if by.on_behalf_of else "")


@register.simple_tag(takes_context=True)
def address(context: template.Context, name: str, *arguments: object) -> str:
    """The address of a page or form: below the acting organization, or for a guest below the link, where the same part of a page serves both."""
    if "secret" in context:
        return reverse(f"guest:{name}", args=[context["secret"], *arguments])
    return reverse(name, args=[context["ref"], *arguments])


@register.inclusion_tag("parts/crumb.html")
def crumb(now: str, states: Mapping[str, str] | None = None, urls: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The thread's steps; those before `now` are done and those after to do, unless `states` says done, part or todo."""
    order = list(STEPS)
    at = order.index(now)
    steps = []
    for index, code in enumerate(order):
        state = "now" if code == now else (states or {}).get(code) or ("done" if index < at else "todo")
        steps.append({"word": STEPS[code], "state": state, "url": "" if code == now else (urls or {}).get(code, "")})
    return {"steps": steps}


@register.tag
def icon(parser: Parser, token: Token) -> template.Node:
    """`{% icon "check" size="xs" %}`: an icon beside words (never in place of them); its symbol comes with `{% sprite %}`."""
    _name, *parts = token.split_contents()
    if not parts or len(parts) > 2 or (len(parts) == 2 and not parts[1].startswith("size=")):
        raise template.TemplateSyntaxError('icon takes a name and size="xs|sm|lg|xl"')
    if parts[0][0] in "\"'" and parts[0][1:-1] not in symbols():
        raise template.TemplateSyntaxError(f"there is no icon {parts[0]}; pages/add_icons.py adds one")
    return _Icon(parser.compile_filter(parts[0]), parser.compile_filter(parts[1][5:]) if len(parts) == 2 else None)


class _Icon(template.Node):
    def __init__(self, name: FilterExpression, size: FilterExpression | None) -> None:
        self.name, self.size = name, size

    def render(self, context: template.Context) -> SafeString:
        name, size = str(self.name.resolve(context)), str(self.size.resolve(context)) if self.size else ""
        if name not in symbols():
            return mark_safe("")
        _used(context)[name] = None
        return format_html('<svg class="i{}" aria-hidden="true"><use href="#i-{}"/></svg>', f" {size}" if size else "", name)


def _used(context: template.Context) -> dict[str, None]:
    """The names used so far in this render: the lowest layer is shared by every part of a page, also one included with `only`."""
    layer: dict[Any, Any] = context.render_context.dicts[0]
    used: dict[str, None] = layer.setdefault("icons", {})
    return used


@register.simple_tag(takes_context=True)
def sprite(context: template.Context) -> SafeString:
    """The symbols of the icons used above; last in a page, and last in a part that is fetched on its own."""
    return mark_safe(f'<svg class="sprite" aria-hidden="true">{"".join(symbols()[name] for name in _used(context))}</svg>')
