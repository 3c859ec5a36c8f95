"""What all open data under `/api/` has: any site may read it, and what goes wrong is told as JSON."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

Handler = Callable[[HttpRequest], HttpResponse]

PREFIX = "/api/"
METHODS = "GET, HEAD, OPTIONS"
A_DAY = "86400"  # seconds
WORDS = {
    400: "The request cannot be understood.",
    404: "There is nothing at this address: look into the OpenAPI document for what there is.",
    405: f"This address can be read only: {METHODS}.",
    500: "The portal made a mistake. It has been told to those who run it.",
}


def open_to_all(get_response: Handler) -> Handler:
    """Let pages of any site read what stands under `/api/`, and turn pages of errors into JSON."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return get_response(request)
        response = _of_method(request) or get_response(request)
        if response.status_code >= 400 and not response.get("Content-Type", "").startswith(
            "application/json"
        ):
            response = _as_json(response)
        response["Access-Control-Allow-Origin"] = "*"
        if request.method == "OPTIONS" or response.status_code == 405:
            response["Allow"] = METHODS
        if request.method == "OPTIONS":
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = "*"
            response["Access-Control-Max-Age"] = A_DAY
        return response

    return middleware


def _of_method(request: HttpRequest) -> HttpResponse | None:
    """The answer that needs no view: to a question what one may ask, and to any wish to change something."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    return None if request.method in {"GET", "HEAD"} else json_error(405, WORDS[405])


def json_error(status: int, message: str, *, parameter: str = "") -> JsonResponse:
    """An error in the one shape that the open data has; `parameter` is the one that was wrong, if one was."""
    error = {"status": status, "message": message} | ({"parameter": parameter} if parameter else {})
    return JsonResponse({"error": error}, status=status)


def _as_json(response: HttpResponse) -> HttpResponse:
    return json_error(response.status_code, WORDS.get(response.status_code, response.reason_phrase))
