"""How large may what somebody uploads be, and when is it refused?

Early: a request that says it is too large is answered before its body is read, and a file that grows beyond the limit
is dropped while it streams in. Files lie in temporary files meanwhile, never in memory.

Example: ``@limited_uploads(too_large_page)`` above a view that takes files; ``request.too_large`` names those dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import SkipFile, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from redress.plumbing import filetype

MAX_REQUEST = filetype.MAX_FILE * filetype.MAX_FILES + 2 * filetype.MB
"""Bytes of a whole request: all files at their largest, and the words beside them."""

TOO_LARGE = (
    f"What you sent is larger than we can take at once. {filetype.FILE_LIMIT_SENTENCE} {filetype.COUNT_LIMIT_SENTENCE}"
)
TOO_MANY = f"You chose too many files. {filetype.COUNT_LIMIT_SENTENCE}"

View = Callable[..., HttpResponse]


class LimitedUploads(TemporaryFileUploadHandler):
    """Writes files into temporary files, and drops one as soon as it is larger than a file may be."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.of = request
        self.files = 0
        self.length = 0
        request.too_large = []  # type: ignore[attr-defined]

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django calls it by this name)
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Stop before the first byte of a request that is too large."""
        if content_length > MAX_REQUEST:
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self.files += 1
        self.length = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece, unless the file has grown too large."""
        self.length += len(raw_data)
        if self.length > filetype.MAX_FILE:
            self.of.too_large.append(self.file_name or "A file")  # type: ignore[attr-defined]
            raise SkipFile
        super().receive_data_chunk(raw_data, start)


def limited_uploads(refuse: Callable[..., HttpResponse]) -> Callable[[View], View]:
    """Guard a view that takes files; ``refuse(request, sentence, …)`` draws the page for what is too large.

    The token against forged requests stands in the body, so it is looked at here, after the limits and not before.
    """

    def wrap(view: View) -> View:
        guarded = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method == "POST":
                if _length(request) > MAX_REQUEST:
                    return refuse(_unread(request), TOO_LARGE, *args, **kwargs)
                request.upload_handlers = [LimitedUploads(request)]
                try:
                    request.POST  # noqa: B018 (reading it takes the request apart)
                except TooManyFilesSent:
                    return refuse(_unread(request), TOO_MANY, *args, **kwargs)
                except (RequestDataTooBig, TooManyFieldsSent):
                    return refuse(_unread(request), TOO_LARGE, *args, **kwargs)
            return guarded(request, *args, **kwargs)

        return inner

    return wrap


def _unread(request: HttpRequest) -> HttpRequest:
    """See that nothing on the way to the page that refuses reads the body after all."""
    request._post = QueryDict()  # type: ignore[attr-defined]
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    return request


def _length(request: HttpRequest) -> int:
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isdecimal() else 0
