"""Periods, items, who does them, files, states; what they make, by which procedure, how it is reviewed and accepted; questions; sealing; kept files."""

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
from remit.apps.work.models.assignments import AssignmentAnswer
from remit.apps.work.models.deliverables import Acceptance, Deliverable, DeliverableFile, Review
from remit.apps.work.models.filings import Filing, Receipt
from remit.apps.work.models.items import Assignment, ItemFile, ItemRow, Period, StepState, WorkItem
from remit.apps.work.models.kept import KeptFile
from remit.apps.work.models.matters import Matter, MatterStep
from remit.apps.work.models.procedures import Procedure, ProcedureAdoption, ProcedureVerdict, ProcedureVersion, ProcedureWithdrawal
from remit.apps.work.models.recurring import Reclassification, Recurrence
from remit.apps.work.models.reopening import ItemReopening
from remit.apps.work.models.requests import Answer, AnswerFile, Request, Settlement
from remit.apps.work.models.reviewing import (
    CheckOverride,
    FindingAnswer,
    FindingDraft,
    ReviewFinding,
    ReviewSample,
    ReviewSampled,
    SamplingPlan,
    SamplingVerdict,
)
from remit.apps.work.models.sealing import Closing, GivenPack, Reopening, Sealing
from remit.apps.work.models.systems import ClientSystem, SystemAccess
from remit.apps.work.models.takeover import OpeningTime, TakeoverDraft
from remit.apps.work.models.terms_of_gate import BreakGlass, Observing, Permission
from remit.apps.work.models.time import BilledTime, Presence, TimeDraft, TimeEntry, TimeMapping, Timer, TimeWithdrawal

__all__ = [
    "Acceptance",
    "Answer",
    "AnswerFile",
    "Assignment",
    "AssignmentAnswer",
    "BilledTime",
    "BreakGlass",
    "CheckOverride",
    "ClientSystem",
    "Closing",
    "Deliverable",
    "DeliverableFile",
    "Filing",
    "FindingAnswer",
    "FindingDraft",
    "GivenPack",
    "Handover",
    "InstructionUse",
    "InstructionWithdrawal",
    "ItemFile",
    "ItemReopening",
    "ItemRow",
    "KeptFile",
    "Matter",
    "MatterStep",
    "Observing",
    "OpeningTime",
    "Period",
    "Permission",
    "PlannedReminder",
    "Presence",
    "Procedure",
    "ProcedureAdoption",
    "ProcedureVerdict",
    "ProcedureVersion",
    "ProcedureWithdrawal",
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
    "ReviewFinding",
    "ReviewSample",
    "ReviewSampled",
    "SamplingPlan",
    "SamplingVerdict",
    "Sealing",
    "Settlement",
    "StandingInstruction",
    "StepState",
    "SystemAccess",
    "TakeoverDraft",
    "TimeDraft",
    "TimeEntry",
    "TimeMapping",
    "TimeWithdrawal",
    "Timer",
    "WorkItem",
]
