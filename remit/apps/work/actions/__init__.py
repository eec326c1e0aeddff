"""The business verbs of work: open a period, staff, bring papers, ask the client, move, hand in, review, accept, open files, close, reopen, seal."""

from remit.apps.work.actions.deliverables import accept, hand_in, review
from remit.apps.work.actions.files import keep_file, open_file, use_kept_file
from remit.apps.work.actions.papers import bring_paper, keep_mapping, take_back_paper
from remit.apps.work.actions.periods import close_period, export_pack, give_pack, open_period, reopen_period, seal_period
from remit.apps.work.actions.planning import add_item, end_recurring, plan_recurring, reclassify_task
from remit.apps.work.actions.requests import answer_request, ask_client, settle_request
from remit.apps.work.actions.staffing import allocate, assign, unassign
from remit.apps.work.actions.steps import move, take_suggestions
from remit.apps.work.actions.takeover import bring_takeover, import_people, take_over

__all__ = [
    "accept",
    "add_item",
    "allocate",
    "answer_request",
    "ask_client",
    "assign",
    "bring_paper",
    "bring_takeover",
    "close_period",
    "end_recurring",
    "export_pack",
    "give_pack",
    "hand_in",
    "import_people",
    "keep_file",
    "keep_mapping",
    "move",
    "open_file",
    "open_period",
    "plan_recurring",
    "reclassify_task",
    "reopen_period",
    "review",
    "seal_period",
    "settle_request",
    "take_back_paper",
    "take_over",
    "take_suggestions",
    "unassign",
    "use_kept_file",
]
