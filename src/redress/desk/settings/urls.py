"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from redress.desk.settings import templates

urlpatterns: list[URLPattern] = [
    path("templates/", templates.texts_page, name="templates"),
    path("templates/<str:code>/<str:key>/", templates.text_page, name="template"),
]
