"""Addresses below a guest's link. Those that the parts of members' pages name have the names that they have there."""

from django.urls import path

from remit.front.guests import agreement, files, item, page, period, questions

app_name = "guest"
urlpatterns = [
    path("", page.page, name="page"),
    path("code/", page.send_code, name="code"),
    path("enter/", page.enter, name="enter"),
    path("again/", page.ask_again, name="again"),
    path("leave/", page.leave, name="leave"),
    path("files/<uuid:file>/open/", files.open_file, name="open_file"),
    path("work/<str:reference>/bring/", item.bring, name="item_bring"),
    path("work/<str:reference>/columns/", item.map_columns, name="item_columns"),
    path("work/<str:reference>/take-back/<uuid:paper>/", item.take_back, name="item_take_back"),
    path("work/<str:reference>/accept/", item.accept, name="item_accept"),
    path("work/<str:reference>/questions/ask/", questions.ask, name="item_ask"),
    path("work/<str:work>/questions/<uuid:question>/answer/", questions.answer, name="item_answer"),
    path("work/<str:work>/questions/<uuid:question>/pass/", questions.pass_on, name="item_pass"),
    path("work/<str:reference>/answers/<uuid:answer>/settle/", questions.settle, name="item_settle"),
    path("agreements/<str:reference>/entity/", agreement.state_entity, name="agreement_entity"),
    path("agreements/<str:reference>/settle/", agreement.settle, name="agreement_settle"),
    path("agreements/<str:reference>/sign/", agreement.sign, name="agreement_sign"),
    path("agreements/<str:reference>/confirm/", agreement.confirm, name="agreement_confirm"),
    path("agreements/<str:reference>/price/", agreement.price, name="agreement_price"),
    path("agreements/<str:reference>/terms/", agreement.open_terms, name="agreement_terms"),
    path("periods/<str:reference>/close/", period.close, name="close_period"),
    path("periods/<str:reference>/reopen/", period.reopen, name="reopen_period"),
]
