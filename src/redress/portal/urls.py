"""The addresses of the portal; each begins with a council's code."""

from __future__ import annotations

from django.urls import path

from redress.portal import follow_views, form_views, public_views

app_name = "portal"

urlpatterns = [
    path("<slug:code>/", public_views.how_to_complain, name="how-to-complain"),
    path("<slug:code>/brand.css", public_views.brand, name="brand"),
    path("<slug:code>/logo.svg", public_views.logo, name="logo"),
    path("<slug:code>/leaflet/", public_views.leaflet, name="leaflet"),
    path("<slug:code>/privacy/", public_views.privacy, name="privacy"),
    path("<slug:code>/accessibility/", public_views.accessibility, name="accessibility"),
    path("<slug:code>/contact/", public_views.contact, name="contact"),
    path("<slug:code>/complain/", form_views.begin, name="begin"),
    path("<slug:code>/complain/discard/", form_views.discard, name="discard"),
    path("<slug:code>/complain/save/", form_views.save, name="save"),
    path("<slug:code>/complain/resume/<str:token>/", form_views.resume, name="resume"),
    path("<slug:code>/complain/check/", form_views.check, name="check"),
    path("<slug:code>/complain/sent/", form_views.sent, name="sent"),
    path("<slug:code>/complain/<slug:key>/", form_views.question, name="question"),
    path("<slug:code>/follow/", follow_views.ask, name="follow"),
    path("<slug:code>/follow/asked/", follow_views.asked, name="asked"),
    path("<slug:code>/follow/link/<str:token>/", follow_views.open_link, name="open-link"),
    path("<slug:code>/follow/case/", follow_views.case, name="case"),
    path("<slug:code>/follow/add/", follow_views.add, name="add"),
    path("<slug:code>/follow/not-right/", follow_views.not_right, name="not-right"),
    path("<slug:code>/follow/next-stage/", follow_views.next_stage, name="next-stage"),
    path("<slug:code>/follow/letters/<int:letter_id>/", follow_views.letter, name="letter"),
    path("<slug:code>/follow/files/<int:document_id>/", follow_views.own_file, name="own-file"),
    path("<slug:code>/follow/close/", follow_views.close, name="close"),
    path("<slug:code>/follow/closed/", follow_views.closed, name="closed"),
]
