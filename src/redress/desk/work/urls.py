"""The addresses of the lists of work."""

from __future__ import annotations

from django.urls import path

from redress.desk.work import views

urlpatterns = [
    path("", views.my_work, name="my-work"),
    path("team/", views.team, name="team"),
    path("search/", views.search, name="search"),
    path("notices/read/", views.read_notices, name="read-notices"),
]
