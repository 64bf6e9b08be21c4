"""The addresses of answers, checks and promises."""

from __future__ import annotations

from django.urls import URLPattern, path

from redress.desk.responses import answer, check, ending, extend, promises

urlpatterns: list[URLPattern] = [
    path("checks/", check.checks, name="checks"),
    path("check/<int:check_id>/", check.check_page, name="check"),
    path("promises/", promises.promises, name="promises"),
    path("promises/<int:remedy_id>/", promises.promise, name="promise"),
    path("promises/<int:remedy_id>/replace/", promises.replace, name="promise-replace"),
    path("approve/<int:remedy_id>/", answer.approve, name="remedy-approve"),
    path("<str:reference>/<int:number>/", answer.response_page, name="response"),
    path("<str:reference>/<int:number>/letter.pdf", answer.letter_pdf, name="response-pdf"),
    path("<str:reference>/<int:number>/ask/", answer.ask, name="response-ask"),
    path("<str:reference>/<int:number>/take-back/", answer.take_back, name="response-take-back"),
    path("<str:reference>/<int:number>/release/", answer.release, name="response-release"),
]

of_a_case: list[URLPattern] = [
    path("<str:reference>/extend/", extend.extend, name="extend"),
    path("<str:reference>/close/", ending.close, name="close"),
    path("<str:reference>/escalate/", ending.escalate, name="escalate"),
]
"""The addresses that stand below a case's own."""
