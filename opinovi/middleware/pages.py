"""The cache of public pages: a stranger's page is made once and served from memory until content changes."""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe
from django.utils.translation import get_language_from_path, get_language_from_request

from opinovi.changes import clock
from opinovi.memory import begun, begun_apart

MOST_PAGES = 512
MOST_BYTES = 16_000_000  # of all pages in one process
LONGEST_PAGE = 500_000  # bytes
OVERHEAD = 2_000  # bytes that a kept page takes besides its text

FOR_STRANGERS = "public, max-age=0, must-revalidate"
FOR_ONE = "private, no-store"
SAFE = frozenset({"GET", "HEAD"})
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
VARY = frozenset({"cookie", "accept-encoding"})

Handler = Callable[[HttpRequest], HttpResponse]
Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was answered, and the state of the content it was made from."""

    body: bytes
    headers: dict[str, str]
    match: ResolverMatch | None
    moment: int
    until: float  # monotonic seconds

    def answer(self, request: HttpRequest) -> HttpResponse:
        request.resolver_match = self.match  # the log wants the route
        return HttpResponse(self.body, headers=self.headers)


class Shelf:
    """The pages of one process; when it is full, what was not asked for the longest goes."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def take(self, key: Key, moment: int) -> Page | None:
        """The page, if it was made from this very state of the content and not too long ago."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.moment != moment or page.until < time.monotonic():
                self._remove(key)
                return None
            self._pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Page) -> None:
        if len(page.body) > LONGEST_PAGE:
            return
        with self._lock:
            self._remove(key)
            self._pages[key] = page
            self._bytes += len(page.body) + OVERHEAD
            while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
                self._remove(next(iter(self._pages)))

    def _remove(self, key: Key) -> None:
        if page := self._pages.pop(key, None):
            self._bytes -= len(page.body) + OVERHEAD


def cache_public_pages(get_response: Handler) -> Handler:
    """Keep what a stranger is answered, and tell browsers what they may keep.

    A page begun before a change is kept as made before it, so that it is never served after. While this
    process does not hear of changes, nothing is kept. See docs/decisions for the why.
    """
    shelf = Shelf()

    def middleware(request: HttpRequest) -> HttpResponse:
        is_safe = request.method in SAFE
        moment = clock.moment() if settings.PAGE_SECONDS and is_safe else None
        token = begun.set(moment)
        apart = clock.moment(settings.CONTENT_APART) if settings.PAGE_SECONDS else None
        apart_token = begun_apart.set(apart)
        try:
            if is_safe and not _carries_something_personal(request):
                return answer(request, moment)
            response = get_response(request)
            response.headers.setdefault("Cache-Control", FOR_ONE)
            return response
        finally:
            begun.reset(token)
            begun_apart.reset(apart_token)

    def answer(request: HttpRequest, moment: int | None) -> HttpResponse:
        key = _key(request)
        if moment is not None and (page := shelf.take(key, moment)):
            return _only_if_changed(request, page.answer(request))
        conditions = _take_conditions(request)
        response = get_response(request)
        request.META.update(conditions)
        if not _is_public(request, response):
            return _only_if_changed(request, response)
        response["Cache-Control"] = FOR_STRANGERS
        patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
        if moment is not None and request.method == "GET":
            until = time.monotonic() + settings.PAGE_SECONDS
            headers = dict(response.items())
            shelf.put(key, Page(response.content, headers, request.resolver_match, moment, until))
        return _only_if_changed(request, response)

    return middleware


def _carries_something_personal(request: HttpRequest) -> bool:
    """Whether the browser sent a cookie of ours that could change what the page says."""
    cookies = request.COOKIES
    return bool(cookies) and (
        settings.SESSION_COOKIE_NAME in cookies
        or settings.CSRF_COOKIE_NAME in cookies
        or "messages" in cookies
    )


def _key(request: HttpRequest) -> Key:
    """What a page depends on. The query is taken as it is, for pages repeat it in their links.

    An address without a language, such as one of the open data, is answered in the language of the browser.
    """
    gzip = re.search(r"\bgzip\b", request.META.get("HTTP_ACCEPT_ENCODING", ""))  # as GZipMiddleware does
    query = request.META.get("QUERY_STRING", "")
    language = get_language_from_path(request.path_info) or get_language_from_request(request)
    return (request.scheme, request.get_host(), request.path, query, "gzip" if gzip else "", language)


def _take_conditions(request: HttpRequest) -> dict[str, str]:
    """Hide `If-None-Match` and its like, so that the whole page is made and can be kept."""
    return {name: request.META.pop(name) for name in CONDITIONS if name in request.META}


def _is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the next stranger would be answered the same; tells the browser if only this one may have it.

    A view that says something about caching itself is left alone. A route with a `key` is a private link.
    """
    match = request.resolver_match
    if response.cookies or (match and "key" in match.kwargs):
        response.headers.setdefault("Cache-Control", FOR_ONE)
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",") if name}
    return (
        response.status_code == 200
        and not response.streaming
        and not response.has_header("Cache-Control")
        and vary <= (VARY if get_language_from_path(request.path_info) else VARY | {"accept-language"})
    )


def _only_if_changed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer, or a 304 when the browser has just this page already."""
    changed = parse_http_date_safe(response.get("Last-Modified", ""))
    answer = get_conditional_response(request, response.get("ETag"), changed, response) or response
    if answer is not response and (file := getattr(response, "file_to_stream", None)):
        file.close()  # nobody will read it
    return answer
