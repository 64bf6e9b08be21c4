"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from redress.desk.trail import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="trail"),
    path("<str:reference>/", views.of_case, name="trail-case"),
]
