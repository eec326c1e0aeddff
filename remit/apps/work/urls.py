"""Addresses of `work`, below an organization."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
