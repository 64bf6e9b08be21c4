"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from redress.desk.settings import absences, calendar, home, templates

urlpatterns: list[URLPattern] = [
    path("", home.home, name="settings"),
    path("mailboxes/<int:mailbox_id>/switch/", home.switch, name="switch-mailbox"),
    path("absence/", absences.absences, name="absences"),
    path("absence/<int:absence_id>/cancel/", absences.cancel, name="cancel-absence"),
    path("calendar/", calendar.working_days, name="calendar"),
    path("calendar/<int:closure_id>/open/", calendar.open_again, name="open-day"),
    path("templates/", templates.texts_page, name="templates"),
    path("templates/<str:code>/<str:key>/", templates.text_page, name="template"),
]
