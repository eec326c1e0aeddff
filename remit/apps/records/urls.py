"""Addresses of `records`, below an organization."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
