"""How a member is told of what needs them: each kind of thing by one channel, at once only outside the hours in which they want to be left in peace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal

from remit.domain.reasons import N_

KINDS: Mapping[str, str] = {
    "step": N_("steps that are yours: to do, to review, returned"),
    "accept": N_("work to accept, papers to file"),
    "staffing": N_("steps that have nobody, leave that stops work"),
    "question": N_("questions and answers"),
    "matter": N_("complaints, disputes and incidents"),
    "month": N_("months to close, invoices to draw"),
    "contract": N_("briefs, awards and agreements"),
    "credential": N_("licences that run out"),
    "mail": N_("mails that did not arrive"),
}
CHANNELS: Mapping[str, str] = {
    "digest": N_("in the daily digest"),
    "once": N_("by mail at once"),
    "today": N_("on Today only"),
}
Kind = Literal["step", "accept", "staffing", "question", "matter", "month", "contract", "credential", "mail"]
LONGEST_QUIET_DAYS = 3
"""A whole weekend, with the nights on either side of it."""


def channel_of(kind: str, at_once: Collection[str], only_today: Collection[str]) -> str:
    """The one channel of a kind, by the two lists that a member chose; the digest for what stands in neither."""
    return "once" if kind in at_once else "today" if kind in only_today else "digest"


def is_quiet(local: datetime, from_hour: int | None, until_hour: int | None, *, weekends: bool) -> bool:
    """Whether a wall-clock time lies in the quiet hours (half-open; 22 to 7 goes over midnight; equal hours are none), or on a quiet weekend."""
    if weekends and local.isoweekday() > 5:
        return True
    if from_hour is None or until_hour is None or from_hour == until_hour:
        return False
    if from_hour < until_hour:
        return from_hour <= local.hour < until_hour
    return local.hour >= from_hour or local.hour < until_hour


def quiet_ends(local: datetime, from_hour: int | None, until_hour: int | None, *, weekends: bool) -> datetime:
    """When the quiet in which `local` lies is over, as wall-clock time of the same zone: the first full hour that is not quiet."""
    hour = local.replace(minute=0, second=0, microsecond=0)
    for _each in range(24 * LONGEST_QUIET_DAYS + 24):
        hour += timedelta(hours=1)
        if not is_quiet(hour, from_hour, until_hour, weekends=weekends):
            break
    return hour
