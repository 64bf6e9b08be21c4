"""Which address leads where? Each door brings its own list; here they are put together.

The portal's addresses begin with a council's code, so they come last.
"""

from django.urls import URLPattern, URLResolver, include, path

from redress.server import front, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health, name="health"),
    path("", front.front, name="front"),
    path("accounts/", include("redress.server.account_urls")),
    path("desk/", include("redress.desk.urls")),
    path("", include("redress.portal.urls")),
]

handler400 = "redress.server.faults.bad_request"
handler403 = "redress.server.faults.refused"
handler404 = "redress.server.faults.not_found"
handler500 = "redress.server.faults.broken"
