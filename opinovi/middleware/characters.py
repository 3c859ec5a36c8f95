"""No text of ours holds a null character: PostgreSQL cannot keep one, and nobody types it."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

NULL = "\x00"


def refuse_null_characters(get_response: Handler) -> Handler:
    """Answer 400 to a query or a form with a null character, before any view meets it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: Any, kwargs: Any) -> None:
        for sent in (request.GET, request.POST):
            if any(NULL in value for _name, values in sent.lists() for value in values):
                raise BadRequest("a null character")

    middleware.process_view = process_view  # type: ignore[attr-defined]  # Django looks for it there
    return middleware
