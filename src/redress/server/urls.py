"""Which address leads where? Each door brings its own list; here they are put together.

The portal's addresses begin with a council's code, so they come last.
"""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from redress.server import health

urlpatterns: list[URLPattern | URLResolver] = [path("health", health.health, name="health")]
for _door, _prefix in (("redress.desk.urls", "desk/"), ("redress.staff.urls", ""), ("redress.portal.urls", "")):
    try:
        _found = find_spec(_door) is not None
    except ModuleNotFoundError:
        _found = False
    if _found:
        urlpatterns.append(path(_prefix, include(_door)))
urlpatterns.insert(1, path("accounts/", include("allauth.urls")))
