"""Addresses of questions, standing instructions and what went wrong, below an organization."""

from django.urls import path

from remit.apps.work.views import instructions, matters, questions, requests

urlpatterns = [
    path("questions/", questions.questions, name="questions"),
    path("questions/accept/", questions.accept, name="accept_answers"),
    path("work/<str:reference>/questions/ask/", requests.ask, name="item_ask"),
    path("work/<str:reference>/questions/follow/", requests.follow, name="item_follow"),
    path("work/<str:reference>/questions/<uuid:question>/answer/", requests.answer, name="item_answer"),
    path("work/<str:reference>/questions/<uuid:question>/pass/", requests.pass_on, name="item_pass"),
    path("work/<str:reference>/questions/<uuid:question>/remind/", requests.remind, name="item_remind"),
    path("work/<str:reference>/questions/<uuid:question>/take-back/", requests.take_back, name="item_take_back_question"),
    path("work/<str:reference>/drafts/<uuid:draft>/drop/", requests.drop_draft, name="item_drop_draft"),
    path("work/<str:reference>/answers/<uuid:answer>/settle/", requests.settle, name="item_settle"),
    path("work/<str:reference>/answers/<uuid:answer>/keep/", requests.keep, name="item_keep_answer"),
    path("periods/<str:reference>/questions/", questions.month, name="month_requests"),
    path("periods/<str:reference>/questions/send/", questions.send, name="send_drafts"),
    path("periods/<str:reference>/questions/again/", questions.again, name="draft_again"),
    path("engagements/<str:reference>/instructions/", instructions.standing, name="instructions"),
    path("engagements/<str:reference>/instructions/state/", instructions.state, name="state_instruction"),
    path("engagements/<str:reference>/instructions/plan/", instructions.plan, name="plan_reminders"),
    path("engagements/<str:reference>/instructions/<uuid:instruction>/withdraw/", instructions.withdraw, name="withdraw_instruction"),
    path("engagements/<str:reference>/matters/", matters.of_engagement, name="matters"),
    path("matters/<str:reference>/", matters.matter, name="matter"),
    path("matters/<str:reference>/answer/", matters.answer, name="matter_answer"),
    path("matters/<str:reference>/settle/", matters.settle, name="matter_settle"),
    path("matters/<str:reference>/notify/", matters.notify, name="matter_notify"),
    path("matters/<str:reference>/close/", matters.close, name="matter_close"),
]
