"""The addresses of the queue, of logging and of triage."""

from __future__ import annotations

from django.urls import path

from redress.desk.intake import views_log, views_queue, views_triage

urlpatterns = [
    path("", views_queue.queue, name="intake"),
    path("log/", views_log.log_blank, name="log-blank"),
    path("requests/", views_triage.requests, name="requests"),
    path("requests/<str:reference>/", views_triage.request_page, name="request"),
    path("requests/<str:reference>/letter/", views_triage.request_letter, name="request-letter"),
    path("requests/<str:reference>/complaint/", views_triage.turn, name="turn-into-complaint"),
    path("triage/<str:reference>/", views_triage.triage_page, name="triage"),
    path("refuse/<str:reference>/", views_triage.refuse, name="refuse"),
    path("authority/<str:reference>/", views_triage.authority_page, name="authority"),
    path("authority/<str:reference>/ask/", views_triage.authority_letter, name="authority-letter"),
    path("authority/<str:reference>/withdraw/", views_triage.authority_withdraw, name="authority-withdraw"),
    path("<int:message_id>/", views_queue.message_page, name="intake-message"),
    path("<int:message_id>/original/", views_queue.original, name="intake-original"),
    path("<int:message_id>/log/", views_log.log_message, name="log"),
    path("<int:message_id>/claim/", views_queue.claim, name="intake-claim"),
    path("<int:message_id>/let-go/", views_queue.let_go, name="intake-let-go"),
    path("<int:message_id>/add/", views_queue.add, name="intake-add"),
    path("<int:message_id>/elsewhere/", views_queue.elsewhere, name="intake-elsewhere"),
    path("<int:message_id>/aside/", views_queue.aside, name="intake-aside"),
    path("<int:message_id>/back/", views_queue.back, name="intake-back"),
    path("<int:message_id>/read/", views_queue.read, name="intake-read"),
]
