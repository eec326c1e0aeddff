"""Addresses of `billing`, below an organization."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
