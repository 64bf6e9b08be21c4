"""The addresses of the post, and of writing from a case."""

from __future__ import annotations

from django.urls import URLPattern, path

from redress.desk.post import views, write

urlpatterns: list[URLPattern] = [
    path("", views.post, name="post"),
    path("<int:letter_id>/settle/", views.settle, name="letter-settle"),
    path("<int:letter_id>/letter.pdf", views.letter_pdf, name="letter-pdf"),
]

of_a_case: list[URLPattern] = [path("<str:reference>/write/", write.write, name="write")]
"""The addresses that stand below a case's own."""
