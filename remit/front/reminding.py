"""Reminders of questions go out by themselves as their time comes, on the installation's clock."""

from __future__ import annotations

import structlog

from remit.apps.organizations.acting import BadInput, Refused
from remit.apps.records import clock
from remit.apps.records.context import By
from remit.apps.work import reminding
from remit.apps.work.actions import remind_request

log = structlog.get_logger(__name__)


def remind_of_questions() -> int:
    """Send what is due; how many went. What was answered meanwhile is left out, and one that is refused keeps none of the others."""
    done = 0
    for planned, organization in reminding.due(clock.now()):
        try:
            result = remind_request(by=By(organization=organization, door="job", name="Remit"), at=clock.now(), planned=planned)
        except BadInput:
            continue
        if isinstance(result, Refused):
            log.warning("not reminded", planned=str(planned), codes=[reason.code for reason in result.reasons])
            continue
        done += 1
    return done
