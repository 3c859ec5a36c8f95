"""What is answered when a view has failed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

SOON = 10  # seconds until it is worth trying again


def failed(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours: 500, or 503 while the database does not answer.

    The second is over by itself in most cases, so that browsers and search engines are told when to come
    back (RFC 9110, section 10.2.3).
    """
    is_away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    page = loader.get_template("500.html").render({"is_away": is_away})
    if is_away:
        return HttpResponse(page, status=503, headers={"Retry-After": str(SOON)})
    return HttpResponse(page, status=500)
