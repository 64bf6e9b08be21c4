"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from redress.desk.settings import absences, calendar, editions, home, procedures, shape, templates, what_if

urlpatterns: list[URLPattern] = [
    path("", home.home, name="settings"),
    path("mailboxes/<int:mailbox_id>/switch/", home.switch, name="switch-mailbox"),
    path("absence/", absences.absences, name="absences"),
    path("absence/<int:absence_id>/cancel/", absences.cancel, name="cancel-absence"),
    path("council/", shape.home, name="shape"),
    path("council/<str:code>/", shape.council_page, name="shape-of"),
    path("council/<str:code>/contact/", shape.contact, name="shape-contact"),
    path("council/<str:code>/working/", shape.working, name="shape-working"),
    path("council/<str:code>/<str:kind>/add/", shape.add, name="shape-add"),
    path("council/<str:code>/<str:kind>/<int:part_number>/", shape.part_page, name="shape-one"),
    path("council/<str:code>/<str:kind>/<int:part_number>/end/", shape.end, name="shape-end"),
    path("calendar/", calendar.working_days, name="calendar"),
    path("calendar/<int:closure_id>/open/", calendar.open_again, name="open-day"),
    path("calendar/bank-holidays/<int:holiday_id>/take-back/", calendar.take_back, name="take-back-bank-holiday"),
    path("procedures/", procedures.home, name="procedures"),
    path("procedures/<str:code>/<str:procedure>/", procedures.one, name="procedure"),
    path("procedures/<str:code>/<str:procedure>/draft/", editions.draft, name="draft-edition"),
    path("procedures/<str:code>/<str:procedure>/upload/", editions.upload, name="upload-edition"),
    path("procedures/<str:code>/<str:procedure>/file/", editions.template, name="edition-template"),
    path("editions/<int:edition_number>/", editions.one, name="edition"),
    path("editions/<int:edition_number>/change/", editions.change, name="change-edition"),
    path("editions/<int:edition_number>/try/", editions.try_out, name="try-edition"),
    path("editions/<int:edition_number>/trial/", editions.trial, name="trial"),
    path("editions/<int:edition_number>/approve/", editions.approve, name="approve-edition"),
    path("editions/<int:edition_number>/discard/", editions.discard, name="discard-edition"),
    path("editions/<int:edition_number>/withdraw/", editions.withdraw, name="withdraw-edition"),
    path("editions/<int:edition_number>/file/", editions.download, name="edition-file"),
    path("what-if/", what_if.page, name="what-if"),
    path("templates/", templates.texts_page, name="templates"),
    path("templates/<str:code>/<str:key>/", templates.text_page, name="template"),
]
