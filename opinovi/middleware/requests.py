"""A line in the log for every request, by route and not by address: addresses can hold keys."""

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from opinovi.logs import request_id

logger = logging.getLogger("opinovi.requests")

Handler = Callable[[HttpRequest], HttpResponse]


def log_request(get_response: Handler) -> Handler:
    """Give the request an id, tell it in the answer, and log route, status and milliseconds."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = request_id.set(secrets.token_hex(8))
        started = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request_id.get()
            if request.method == "HEAD" and not response.streaming:
                response.content = b""  # the length of what a GET would bring is told all the same
            match = request.resolver_match
            facts = {
                "method": request.method,
                "route": match.view_name if match else None,
                "status": response.status_code,
                "ms": round((time.perf_counter() - started) * 1000, 1),
            }
            logger.info("request", extra={"facts": facts})
            return response
        finally:
            request_id.reset(token)

    return middleware
