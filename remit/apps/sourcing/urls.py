"""Addresses of `sourcing`, below an organization."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
