"""Addresses of procedures, of sampling and of reviews, below an organization."""

from django.urls import path

from remit.apps.work.views import procedures, procedures_written, reviewing

urlpatterns = [
    path("engagements/<str:reference>/procedures/new/", procedures_written.first, name="new_procedure"),
    path("engagements/<str:reference>/sampling/propose/", procedures.propose_plan, name="propose_sampling"),
    path("engagements/<str:reference>/sampling/<uuid:plan>/judge/", procedures.judge_plan, name="judge_sampling"),
    path("engagements/<str:reference>/sampling/<uuid:plan>/take-back/", procedures.take_back_plan, name="take_back_sampling"),
    path("procedures/<str:reference>/", procedures.procedure, name="procedure"),
    path("procedures/<str:reference>/next/", procedures_written.following, name="next_procedure"),
    path("procedures/<str:reference>/steps.csv", procedures.sheet, name="procedure_sheet"),
    path("procedures/<str:reference>/judge/<uuid:proposal>/", procedures.judge, name="judge_procedure"),
    path("procedures/<str:reference>/take-back/<uuid:proposal>/", procedures.take_back, name="take_back_procedure"),
    path("procedures/<str:reference>/withdraw/", procedures.withdraw, name="withdraw_procedure"),
    path("work/<str:reference>/procedure/", procedures.adopt, name="adopt_procedure"),
    path("work/<str:reference>/let-pass/", reviewing.let_pass, name="let_pass"),
    path("work/<str:reference>/deliverables/<int:number>/", reviewing.page, name="reviewing"),
    path("work/<str:reference>/deliverables/<int:number>/note/", reviewing.note, name="note_finding"),
    path("work/<str:reference>/deliverables/<int:number>/drop/<uuid:draft>/", reviewing.drop, name="drop_finding"),
    path("work/<str:reference>/deliverables/<int:number>/sample/", reviewing.look, name="look_at_sample"),
    path("work/<str:reference>/deliverables/<int:number>/verdict/", reviewing.verdict, name="give_verdict"),
]
