"""The open data: HSDS 3.1 and its UK profile. No key, no cookie, the same for everybody."""

import json
import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from guidance.booking.exports.hsds import lists
from guidance.booking.exports.hsds.endpoints import LISTS, PROFILES, detail_parameters, list_parameters
from guidance.booking.exports.hsds.openapi import document
from guidance.booking.exports.hsds.packages import package
from guidance.booking.exports.hsds.parameters import PER_PAGE, Answers, BadParameter, read_query, read_uuid
from guidance.catalogue.exports.hsds.tables import Record, as_oruk
from guidance.catalogue.exports.hsds.terms import taxonomy_record, term_record
from opinovi.middleware.open_data import json_error
from opinovi.middleware.pages import FOR_STRANGERS

Maker = Callable[[Answers], HttpResponseBase]


@login_not_required
@require_safe
def api_home(request: HttpRequest, profile: str) -> HttpResponseBase:
    def make(_asked: Answers) -> HttpResponseBase:
        about = PROFILES[profile]
        address = settings.ADDRESS + reverse("api:public:openapi_document", args=[profile])
        return _json({"version": about.version, "profile": about.uri, "openapi_url": address})

    return _answered(request, (), make)


@login_not_required
@require_safe
def openapi_document(request: HttpRequest, profile: str) -> HttpResponseBase:
    return _answered(request, (), lambda _asked: _json(document(profile)))


@login_not_required
@require_safe
def tabular_package(request: HttpRequest, profile: str) -> HttpResponseBase:
    """All of it as HSDS's tabular data package: a zip with a table a file, as the worker last made it."""

    def make(asked: Answers) -> HttpResponseBase:
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # a zip is not to be compressed again
        file = package(asked["lang"]).open("rb")
        about = os.fstat(file.fileno())
        response = FileResponse(file, filename="opinovi-hsds.zip", as_attachment=True)
        response["ETag"] = f'"{about.st_mtime_ns:x}-{about.st_size:x}"'
        response["Last-Modified"] = http_date(about.st_mtime)
        response["Cache-Control"] = FOR_STRANGERS
        return response

    if profile != "hsds":
        raise Http404
    return _answered(request, ("lang",), make)


@login_not_required
@require_safe
def service_list(request: HttpRequest, profile: str) -> HttpResponseBase:
    return _list(request, profile, "services", lists.services)


@login_not_required
@require_safe
def service_detail(request: HttpRequest, profile: str, identifier: str) -> HttpResponseBase:
    return _detail(request, profile, "services", identifier, lambda wanted, _asked: lists.service(wanted))


@login_not_required
@require_safe
def organization_list(request: HttpRequest, profile: str) -> HttpResponseBase:
    return _list(request, profile, "organizations", lists.all_organizations)


@login_not_required
@require_safe
def organization_detail(request: HttpRequest, profile: str, identifier: str) -> HttpResponseBase:
    def find(wanted: UUID, asked: Answers) -> Record | None:
        return lists.organization(wanted, with_services=bool(asked.get("full_service")))

    return _detail(request, profile, "organizations", identifier, find)


@login_not_required
@require_safe
def service_at_location_list(request: HttpRequest, profile: str) -> HttpResponseBase:
    return _list(request, profile, "service_at_locations", lists.service_at_locations)


@login_not_required
@require_safe
def service_at_location_detail(request: HttpRequest, profile: str, identifier: str) -> HttpResponseBase:
    def find(wanted: UUID, _asked: Answers) -> Record | None:
        return lists.service_at_location(wanted)

    return _detail(request, profile, "service_at_locations", identifier, find)


@login_not_required
@require_safe
def taxonomy_list(request: HttpRequest, profile: str) -> HttpResponseBase:
    return _list(request, profile, "taxonomies", lists.taxonomies)


@login_not_required
@require_safe
def taxonomy_detail(request: HttpRequest, profile: str, identifier: str) -> HttpResponseBase:
    def find(wanted: UUID, _asked: Answers) -> Record | None:
        taxonomy = lists.taxonomy_with(wanted)
        return taxonomy_record(taxonomy) if taxonomy else None

    return _detail(request, profile, "taxonomies", identifier, find)


@login_not_required
@require_safe
def taxonomy_term_list(request: HttpRequest, profile: str) -> HttpResponseBase:
    return _list(request, profile, "taxonomy_terms", lists.taxonomy_terms)


@login_not_required
@require_safe
def taxonomy_term_detail(request: HttpRequest, profile: str, identifier: str) -> HttpResponseBase:
    def find(wanted: UUID, _asked: Answers) -> Record | None:
        term = lists.term_with(wanted)
        return term_record(term, is_full=True, own=lists.own_pages().get(term.id)) if term else None

    return _detail(request, profile, "taxonomy_terms", identifier, find)


def _answered(request: HttpRequest, names: tuple[str, ...], make: Maker) -> HttpResponseBase:
    """What `make` answers, in the language asked for; what cannot be understood is told."""
    try:
        asked = read_query(request.GET, names)
        language = asked.get("lang") or (get_language() or settings.LANGUAGE_CODE)[:2]
        with override(language):
            response = make({**asked, "lang": language})
    except BadParameter as bad:
        return json_error(bad.status, str(bad), parameter=bad.name)
    response["Content-Language"] = language
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _list(
    request: HttpRequest, profile: str, plural: str, find: Callable[[Answers], lists.Listing | list[Record]]
) -> HttpResponseBase:
    """A page of a list, or all of it line by line."""

    def make(asked: Answers) -> HttpResponseBase:
        written = _unchanged if asked.get("minimal") else _writer(profile, LISTS[plural][0])
        found = find(asked)
        if asked.get("format") == "ndjson":
            records = iter(found) if isinstance(found, list) else found.stream()
            lines = _lines(records, written, language=asked["lang"])
            return StreamingHttpResponse(lines, content_type="application/x-ndjson")
        if isinstance(found, list):
            page = lists.page_of(found, asked)
        else:
            page = found.page(asked.get("page", 1), asked.get("per_page", PER_PAGE))
        return _json({**page, "contents": [written(record) for record in page["contents"]]})

    return _answered(request, list_parameters(profile, plural), make)


def _detail(
    request: HttpRequest,
    profile: str,
    plural: str,
    identifier: str,
    find: Callable[[UUID, Answers], Record | None],
) -> HttpResponseBase:
    """One record. Raises Http404."""

    def make(asked: Answers) -> HttpResponseBase:
        try:
            record = find(read_uuid(identifier), asked)
        except ValueError:
            record = None
        if record is None:
            raise Http404
        return _json(_writer(profile, LISTS[plural][0])(record))

    return _answered(request, detail_parameters(plural), make)


def _writer(profile: str, table: str) -> Callable[[Record], Record]:
    return partial(as_oruk, table) if profile == "oruk" else _unchanged


def _unchanged(record: Record) -> Record:
    return record


def _lines(
    records: Iterator[Record], written: Callable[[Record], Record], *, language: str
) -> Iterator[bytes]:
    """One record a line. They are made after the view has ended, so the language is set for each of them."""
    while True:
        with override(language):
            record = next(records, None)
        if record is None:
            return
        yield json.dumps(written(record), ensure_ascii=False).encode() + b"\n"


def _json(answer: Any) -> JsonResponse:
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})
