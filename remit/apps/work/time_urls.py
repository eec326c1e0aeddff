"""Addresses of time and leave, below an organization."""

from django.urls import path

from remit.apps.work.views import leave, time, time_import, timesheet

urlpatterns = [
    path("time/", timesheet.sheet, name="time"),
    path("time/fill/", timesheet.fill, name="time_fill"),
    path("time/timer/", time.timer, name="timer"),
    path("time/timer/stop/", time.stop, name="timer_stop"),
    path("time/timer/discard/", time.discard, name="timer_discard"),
    path("time/import/", time_import.start, name="time_import"),
    path("time/import/bring/", time_import.bring, name="time_bring"),
    path("time/import/template.csv", time_import.template, name="time_template"),
    path("time/import/<str:reference>/", time_import.preview, name="time_preview"),
    path("time/import/<str:reference>/map/", time_import.keep, name="time_map"),
    path("time/import/<str:reference>/take/", time_import.take, name="time_take"),
    path("leave/", leave.leave_page, name="leave"),
    path("leave/enter/", leave.enter, name="leave_enter"),
    path("leave/<uuid:absence>/withdraw/", leave.withdraw, name="leave_withdraw"),
    path("leave/bring/", leave.bring, name="leave_bring"),
    path("leave/template.<str:form>", leave.template, name="leave_template"),
    path("leave/brought/<str:reference>/", leave.preview, name="leave_preview"),
    path("leave/brought/<str:reference>/take/", leave.take, name="leave_take"),
    path("work/<str:reference>/time/start/", time.start, name="timer_start"),
    path("work/<str:reference>/time/enter/", time.enter, name="time_enter"),
    path("work/<str:reference>/time/<uuid:entry>/correct/", time.correct, name="time_correct"),
    path("work/<str:reference>/time/<uuid:entry>/withdraw/", time.withdraw, name="time_withdraw"),
]
