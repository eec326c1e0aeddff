"""Addresses of agreements, below an organization."""

from django.urls import path

from remit.apps.agreements import access, joining, new_client, views

urlpatterns = [
    path("engagements/<str:reference>/access/", access.access, name="access"),
    path("clients/new/", new_client.new_client, name="new_client"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/draft/", views.draft, name="agreement_draft"),
    path("agreements/offer/", views.offer, name="agreement_offer"),
    path("agreements/<str:reference>/", views.agreement, name="agreement"),
    path("agreements/<str:reference>/entities/", joining.agreed_entities, name="agreed_entities"),
    path("agreements/<str:reference>/entities/<uuid:entity>/leave/", joining.leave, name="entity_leaves"),
    path("agreements/<str:reference>/entities/<uuid:entity>/stay/", joining.stay, name="entity_stays"),
    path("agreements/<str:reference>/settle/", views.settle, name="agreement_settle"),
    path("agreements/<str:reference>/entity/", views.entity, name="agreement_entity"),
    path("agreements/<str:reference>/sign/", views.sign, name="agreement_sign"),
    path("agreements/<str:reference>/confirm/", views.confirm, name="agreement_confirm"),
    path("agreements/<str:reference>/price/", views.price, name="agreement_price"),
    path("agreements/<str:reference>/terms/", views.open_terms, name="agreement_terms"),
]
