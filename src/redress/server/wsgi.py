"""What does the web server serve? `application`, made once in each of its processes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from redress.server import children, starting

starting.check(settings.REDRESS_ENVIRONMENT)
if settings.DEBUG:
    raise starting.CantStart("DEBUG is on, which shows what is inside to whoever meets a fault; turn it off.")
children.end_with_parent()
application = get_wsgi_application()
