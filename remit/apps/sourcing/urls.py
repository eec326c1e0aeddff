"""Addresses of the sourcing stage, below an organization."""

from django.urls import path

from remit.apps.sourcing.views import briefs, clients, functions, shortlists

urlpatterns = [
    path("functions/", functions.functions, name="functions"),
    path("functions/name/", functions.name_function, name="function_name"),
    path("functions/<str:reference>/", functions.function, name="function"),
    path("functions/<str:reference>/assess/", functions.assess, name="function_assess"),
    path("functions/<str:reference>/brief/", functions.write_brief, name="function_brief"),
    path("briefs/", briefs.briefs, name="briefs"),
    path("briefs/new/", briefs.brief_new, name="brief_new"),
    path("briefs/new/typed/", briefs.write_brief, name="brief_write"),
    path("briefs/new/notice/", briefs.import_notice, name="brief_import"),
    path("briefs/<str:reference>/", briefs.brief, name="brief"),
    path("briefs/<str:reference>/answers/", briefs.answer, name="brief_answer"),
    path("briefs/<str:reference>/broker/", briefs.admit, name="brief_broker"),
    path("briefs/<str:reference>/notice/", briefs.notice, name="brief_notice"),
    path("briefs/<str:reference>/shortlist/", shortlists.shortlist, name="shortlist"),
    path("briefs/<str:reference>/shortlist/draw/", shortlists.draw, name="shortlist_draw"),
    path("briefs/<str:reference>/award/", shortlists.award, name="brief_award"),
    path("clients/", clients.clients, name="clients"),
    path("clients/need/", clients.record, name="client_need"),
    path("shortlists/", shortlists.shortlists, name="shortlists"),
]
