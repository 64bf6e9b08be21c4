"""What does the web server serve? `application`, made once in each of its processes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")

from django.core.wsgi import get_wsgi_application

from redress.server import children

children.end_with_parent()
application = get_wsgi_application()
