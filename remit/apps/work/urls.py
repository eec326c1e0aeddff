"""Addresses of `work`, below an organization."""

from django.urls import path

from remit.apps.work.views import engagement, files, item, kept, period, requests, staffing, takeover, work

urlpatterns = [
    path("staffing/", staffing.staffing, name="staffing"),
    path("staffing/allocate/", staffing.allocate, name="allocate"),
    path("staffing/<str:reference>/<str:step>/", staffing.gate, name="gate"),
    path("staffing/<str:reference>/<str:step>/assign/", staffing.assign, name="assign"),
    path("staffing/<str:reference>/<str:step>/unassign/", staffing.unassign, name="unassign"),
    path("work/", work.work, name="work"),
    path("work/keep/", kept.keep, name="keep_file"),
    path("work/kept/<str:reference>/", kept.kept_file, name="kept"),
    path("work/kept/<str:reference>/use/", kept.use, name="use_kept"),
    path("work/<str:reference>/", item.item, name="item"),
    path("work/<str:reference>/bring/", item.bring, name="item_bring"),
    path("work/<str:reference>/columns/", item.map_columns, name="item_columns"),
    path("work/<str:reference>/take-back/<uuid:paper>/", item.take_back, name="item_take_back"),
    path("work/<str:reference>/steps/<str:step>/move/", item.move, name="item_move"),
    path("work/<str:reference>/steps/<str:step>/suggestions/", item.take_suggestions, name="item_suggestions"),
    path("work/<str:reference>/hand-in/", item.hand_in, name="item_hand_in"),
    path("work/<str:reference>/review/", item.review, name="item_review"),
    path("work/<str:reference>/accept/", item.accept, name="item_accept"),
    path("work/<str:reference>/questions/ask/", requests.ask, name="item_ask"),
    path("work/<str:reference>/questions/<uuid:question>/answer/", requests.answer, name="item_answer"),
    path("work/<str:reference>/answers/<uuid:answer>/settle/", requests.settle, name="item_settle"),
    path("periods/<str:reference>/", period.period, name="period"),
    path("periods/<str:reference>/sealing/", period.sealing, name="sealing"),
    path("periods/<str:reference>/close/", period.close, name="close_period"),
    path("periods/<str:reference>/reopen/", period.reopen, name="reopen_period"),
    path("engagements/<str:reference>/", engagement.engagement, name="engagement"),
    path("engagements/<str:reference>/open/", engagement.open_month, name="open_month"),
    path("engagements/<str:reference>/admit/", engagement.admit, name="admit_auditor"),
    path("engagements/<str:reference>/export/", files.export, name="export_pack"),
    path("takeover/", takeover.takeover, name="takeover"),
    path("takeover/bring/", takeover.bring, name="takeover_bring"),
    path("takeover/template/<str:sheet>.<str:form>", takeover.template, name="takeover_template"),
    path("takeover/<str:reference>/", takeover.preview, name="takeover_preview"),
    path("takeover/<str:reference>/carry-out/", takeover.carry_out, name="takeover_carry_out"),
    path("files/<uuid:file>/open/", files.open_file, name="open_file"),
]
