"""What the API tells of what needs whoever asks, in the order of Today."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Path, Schema

from remit.front.api.reading import read, reads
from remit.front.needs import Desk, Need


class NeedOut(Schema):
    """One thing to do. `due_at` is said first on the clocks of `zone`, the client's; `path` is its page. `group`: late, today, week, later, open or stops."""

    group: str
    title: str
    says: str
    act: str
    reference: str
    due_at: datetime | None
    zone: str
    minutes_left: int | None
    stops_work: bool
    path: str
    event: str
    """The same for the same thing in the same state: what `set_aside` and `bring_back` take."""


class AsideOut(NeedOut):
    """A thing that is off the list until `until_at`, or until it is late, stops work or changes its state."""

    until_at: datetime


@reads.get("/today", response=list[NeedOut], operation_id="today")
@read
def today(request: HttpRequest, organization: Path[str]) -> list[NeedOut]:
    """What needs whoever asks now, by due time; what has no day comes last."""
    desk = Desk(request)
    return [need_out(need, desk) for need in desk.needs()]


@reads.get("/today/aside", response=list[AsideOut], operation_id="today_aside")
@read
def aside(request: HttpRequest, organization: Path[str]) -> list[AsideOut]:
    """What whoever asks set aside, and until when."""
    desk = Desk(request)
    return [AsideOut(**need_out(need, desk).dict(), until_at=until) for need, until in desk.set_aside()]


def need_out(need: Need, desk: Desk) -> NeedOut:
    """A need as it is told outside the pages."""
    left = int((need.due_at - desk.at).total_seconds() // 60) if need.due_at else None
    return NeedOut(
        group=desk.group(need),
        title=need.title,
        says=need.says,
        act=need.act,
        reference=need.reference,
        due_at=need.due_at,
        zone=need.zone or desk.zone,
        minutes_left=left,
        stops_work=need.stops,
        path=need.url,
        event=need.event,
    )
