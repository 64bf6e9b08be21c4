"""What does the web server serve? `application`, made once in each of its processes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redress.server.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - Django reads the settings when it is imported

from redress.server import children  # noqa: E402

children.end_with_parent()
application = get_wsgi_application()
