"""Is this a demonstration? On a page, the answer is `demonstration`."""

from django.conf import settings
from django.http import HttpRequest


def on_every_page(request: HttpRequest) -> dict[str, bool]:
    """Tell every template whether this installation is a demonstration."""
    return {"demonstration": settings.REDRESS_DEMONSTRATION}
