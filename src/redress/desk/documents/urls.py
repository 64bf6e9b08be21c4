"""The addresses of documents; they stand among those of the cases."""

from __future__ import annotations

from django.urls import path

from redress.desk.documents import views

urlpatterns = [
    path("documents/<int:document_id>/", views.document, name="document"),
    path("<str:reference>/documents/add/", views.add, name="add-document"),
]
