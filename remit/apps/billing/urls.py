"""Addresses of `billing`, below an organization."""

from django.urls import path

from remit.apps.billing.views import invoices, review

urlpatterns = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/draw/group/<str:engagement>/<int:year>-<int:month>/", invoices.draw_group, name="group_draw"),
    path("invoices/draw/<str:period>/", invoices.draw, name="invoice_draw"),
    path("invoices/<str:number>/", invoices.invoice, name="invoice"),
    path("invoices/<str:number>/open/<str:form>/", invoices.open_file, name="invoice_open"),
    path("review/", review.review, name="review"),
    path("review/<str:engagement>/events.csv", review.events, name="review_events"),
]
