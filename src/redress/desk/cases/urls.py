"""The addresses of a case and of what is done with it."""

from __future__ import annotations

from django.urls import path

from redress.desk.cases import acknowledging, allocating, asking, believing, changing, noting, old_dates, points, views

urlpatterns = [
    path("task/<int:task_id>/", asking.task, name="task"),
    path("task/<int:task_id>/chase/", asking.chase, name="task-chase"),
    path("task/<int:task_id>/withdraw/", asking.withdraw, name="task-withdraw"),
    path("<str:reference>/", views.case, name="case"),
    path("<str:reference>/timeline/", views.whole_timeline, name="timeline"),
    path("<str:reference>/believed/", believing.what_was_believed, name="believed"),
    path("<str:reference>/acknowledge/", acknowledging.acknowledge, name="acknowledge"),
    path("<str:reference>/acknowledge/pdf/", acknowledging.acknowledge_pdf, name="acknowledge-pdf"),
    path("<str:reference>/allocate/", allocating.allocate, name="allocate"),
    path("<str:reference>/note/", noting.note, name="note"),
    path("<str:reference>/ask/", asking.ask, name="ask"),
    path("<str:reference>/details/", changing.details, name="details"),
    path("<str:reference>/about/", changing.about, name="complained-about"),
    path("<str:reference>/link/", changing.link, name="link"),
    path("<str:reference>/dates/", changing.dates_of, name="dates"),
    path("<str:reference>/dates/<int:happening_id>/", changing.correct, name="correct"),
    path("<str:reference>/old-dates/<int:number>/", old_dates.settle, name="old-date"),
    path("<str:reference>/points/new/", points.add, name="add-point"),
    path("<str:reference>/points/<int:number>/", points.point, name="point"),
    path("<str:reference>/points/<int:number>/withdraw/", points.withdraw, name="withdraw-point"),
]
