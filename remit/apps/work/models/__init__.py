"""Periods, items, who does them, files, states, what they make, how it is reviewed and accepted; questions to the client; sealing; kept files."""

from remit.apps.work.models.asking import (
    Handover,
    InstructionUse,
    InstructionWithdrawal,
    PlannedReminder,
    Reminder,
    ReminderPlan,
    RequestDraft,
    RequestWithdrawal,
    StandingInstruction,
)
from remit.apps.work.models.deliverables import Acceptance, Deliverable, DeliverableFile, Review
from remit.apps.work.models.filings import Filing, Receipt
from remit.apps.work.models.items import Assignment, ItemFile, ItemRow, Period, StepState, WorkItem
from remit.apps.work.models.kept import KeptFile
from remit.apps.work.models.recurring import Reclassification, Recurrence
from remit.apps.work.models.requests import Answer, AnswerFile, Request, Settlement
from remit.apps.work.models.sealing import Closing, GivenPack, Reopening, Sealing
from remit.apps.work.models.takeover import OpeningTime, TakeoverDraft
from remit.apps.work.models.time import BilledTime, Presence, TimeDraft, TimeEntry, TimeMapping, Timer, TimeWithdrawal

__all__ = [
    "Acceptance",
    "Answer",
    "AnswerFile",
    "Assignment",
    "BilledTime",
    "Closing",
    "Deliverable",
    "DeliverableFile",
    "Filing",
    "GivenPack",
    "Handover",
    "InstructionUse",
    "InstructionWithdrawal",
    "ItemFile",
    "ItemRow",
    "KeptFile",
    "OpeningTime",
    "Period",
    "PlannedReminder",
    "Presence",
    "Receipt",
    "Reclassification",
    "Recurrence",
    "Reminder",
    "ReminderPlan",
    "Reopening",
    "Request",
    "RequestDraft",
    "RequestWithdrawal",
    "Review",
    "Sealing",
    "Settlement",
    "StandingInstruction",
    "StepState",
    "TakeoverDraft",
    "TimeDraft",
    "TimeEntry",
    "TimeMapping",
    "TimeWithdrawal",
    "Timer",
    "WorkItem",
]
