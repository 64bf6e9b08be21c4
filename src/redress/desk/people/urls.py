"""The addresses of people."""

from __future__ import annotations

from django.urls import path

from redress.desk.people import views

urlpatterns = [
    path("<int:contact_id>/", views.person, name="person"),
    path("<int:contact_id>/change/", views.change, name="change-person"),
    path("<int:contact_id>/honour/", views.add_adjustment, name="add-adjustment"),
    path("<int:contact_id>/honour/<int:adjustment_id>/end/", views.end_adjustment, name="end-adjustment"),
]
