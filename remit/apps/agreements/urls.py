"""Addresses of `agreements`, below an organization."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
