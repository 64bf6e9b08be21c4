"""The addresses of the desk, each folder with its own."""

from __future__ import annotations

from django.urls import include, path

from redress.desk import brand
from redress.desk.post import urls as post
from redress.desk.responses import urls as responses

app_name = "desk"

urlpatterns = [
    path("brand.css", brand.stylesheet, name="brand"),
    path("", include("redress.desk.work.urls")),
    path("intake/", include("redress.desk.intake.urls")),
    path("cases/", include("redress.desk.documents.urls")),
    path("cases/", include("redress.desk.cases.urls")),
    path("cases/", include([*responses.of_a_case, *post.of_a_case])),
    path("responses/", include("redress.desk.responses.urls")),
    path("post/", include("redress.desk.post.urls")),
    path("people/", include("redress.desk.people.urls")),
    path("settings/", include("redress.desk.settings.urls")),
    path("trail/", include("redress.desk.trail.urls")),
]
