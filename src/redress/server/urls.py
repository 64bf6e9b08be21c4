"""Which address leads where? Each door brings its own list; here they are put together.

The portal's addresses begin with a council's code, so they come last.
"""

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path

from redress.server import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health, name="health"),
    path("accounts/", include("allauth.urls")),
]
for _door, _prefix in (("redress.desk.urls", "desk/"), ("redress.portal.urls", "")):
    try:
        import_module(_door)
    except ImportError:  # a door that is being built
        continue
    urlpatterns.append(path(_prefix, include(_door)))
