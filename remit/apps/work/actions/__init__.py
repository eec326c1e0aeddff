"""The business verbs of work: open a period, staff, bring papers, ask the client, move, hand in, review, accept, open files, close, reopen, seal."""

from remit.apps.work.actions.asking import draft_again, draft_request, drop_draft, pass_request, send_drafts, withdraw_request
from remit.apps.work.actions.assignments import accept_assignment, decline_assignment
from remit.apps.work.actions.deliverables import accept, hand_in, review
from remit.apps.work.actions.files import keep_file, open_file, use_kept_file
from remit.apps.work.actions.filings import bring_receipt, send_filing
from remit.apps.work.actions.gate_terms import ask_break_glass, break_glass, enforce_rule, observe_rule, open_permission, record_permission, withdraw_permission
from remit.apps.work.actions.instructions import follow_instruction, keep_instruction, state_instruction, withdraw_instruction
from remit.apps.work.actions.matters import answer_matter, close_incident, raise_matter, record_notice, settle_matter
from remit.apps.work.actions.overriding import let_pass
from remit.apps.work.actions.papers import bring_paper, keep_mapping, take_back_paper
from remit.apps.work.actions.periods import close_period, export_pack, give_pack, open_period, reopen_period, seal_period
from remit.apps.work.actions.planning import add_item, end_recurring, plan_recurring, reclassify_task
from remit.apps.work.actions.procedures import adopt_procedure, judge_procedure, propose_procedure, take_back_procedure, withdraw_procedure
from remit.apps.work.actions.reminding import plan_reminders, remind_now, remind_request
from remit.apps.work.actions.reopening import reopen_item
from remit.apps.work.actions.requests import accept_answers, answer_request, ask_client, ask_provider, settle_request
from remit.apps.work.actions.reviewing import drop_finding, note_finding
from remit.apps.work.actions.sampling import judge_sampling, look_at_sample, propose_sampling, take_back_sampling
from remit.apps.work.actions.staffing import allocate, assign, unassign
from remit.apps.work.actions.steps import move, take_suggestions
from remit.apps.work.actions.systems import ask_access, decline_access, end_system, grant_access, name_system, release_access, review_access, revoke_access
from remit.apps.work.actions.takeover import bring_takeover, import_people, take_over
from remit.apps.work.actions.time import correct_time, discard_timer, enter_time, fill_time, start_timer, stop_timer, withdraw_time
from remit.apps.work.actions.time_import import bring_time, import_time, map_time

__all__ = [
    "accept",
    "accept_answers",
    "accept_assignment",
    "add_item",
    "adopt_procedure",
    "allocate",
    "answer_matter",
    "answer_request",
    "ask_access",
    "ask_break_glass",
    "ask_client",
    "ask_provider",
    "assign",
    "break_glass",
    "bring_paper",
    "bring_receipt",
    "bring_takeover",
    "bring_time",
    "close_incident",
    "close_period",
    "correct_time",
    "decline_access",
    "decline_assignment",
    "discard_timer",
    "draft_again",
    "draft_request",
    "drop_draft",
    "drop_finding",
    "end_recurring",
    "end_system",
    "enforce_rule",
    "enter_time",
    "export_pack",
    "fill_time",
    "follow_instruction",
    "give_pack",
    "grant_access",
    "hand_in",
    "import_people",
    "import_time",
    "judge_procedure",
    "judge_sampling",
    "keep_file",
    "keep_instruction",
    "keep_mapping",
    "let_pass",
    "look_at_sample",
    "map_time",
    "move",
    "name_system",
    "note_finding",
    "observe_rule",
    "open_file",
    "open_period",
    "open_permission",
    "pass_request",
    "plan_recurring",
    "plan_reminders",
    "propose_procedure",
    "propose_sampling",
    "raise_matter",
    "reclassify_task",
    "record_notice",
    "record_permission",
    "release_access",
    "remind_now",
    "remind_request",
    "reopen_item",
    "reopen_period",
    "review",
    "review_access",
    "revoke_access",
    "seal_period",
    "send_drafts",
    "send_filing",
    "settle_matter",
    "settle_request",
    "start_timer",
    "state_instruction",
    "stop_timer",
    "take_back_paper",
    "take_back_procedure",
    "take_back_sampling",
    "take_over",
    "take_suggestions",
    "unassign",
    "use_kept_file",
    "withdraw_instruction",
    "withdraw_permission",
    "withdraw_procedure",
    "withdraw_request",
    "withdraw_time",
]
