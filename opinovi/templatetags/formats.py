"""What a page says to programs: data for search engines, and where its other forms are.

Nothing here queries the database.
"""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.template import Library
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from opinovi.addresses import absolute, address_of

register = Library()

# No text can end the <script> element or begin a comment in it: these stand in JSON strings alone.
_ESCAPED = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Facts of a page for search engines (JSON-LD); browsers never run such a block, so the CSP allows it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    safe = mark_safe(text.translate(_ESCAPED))  # noqa: S308 - escaped just here
    return format_html('<script type="application/ld+json">{}</script>', safe)


@register.simple_tag
def breadcrumbs_ld(trail: Iterable[tuple[str, str]], here: object) -> SafeString:
    """The way from the front page to this one, for search engines."""
    above = [(_("Front page"), reverse("catalogue:public:front_page")), *trail]
    steps = [{"name": str(name), "item": absolute(path)} for name, path in above]
    items = [
        {"@type": "ListItem", "position": number, **step}
        for number, step in enumerate([*steps, {"name": str(here)}], start=1)
    ]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": items})


@register.simple_tag
def feed_path(request: HttpRequest | None) -> str:
    """The feed of the list that is being read, with the same choices; empty on a page that has none.

    `training_list` is followed at `training_feed`.
    """
    match = request.resolver_match if request else None
    if request is None or match is None or not match.view_name.endswith("_list"):
        return ""
    try:
        path = reverse(f"{match.view_name.removesuffix('_list')}_feed", kwargs=match.kwargs)
    except NoReverseMatch:
        return ""
    query = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    query.pop("page", None)
    return f"{path}?{query.urlencode()}" if query else path


@register.simple_tag
def whole_address(name: str, *args: Any, query: str = "") -> str:
    """The address of a route, with the rest after a question mark, as one copies it into another program."""
    address = address_of(name, *args)
    return f"{address}?{query}" if query else address


@register.filter
def webcal(address: str) -> str:
    """The same address as calendar programs take it: they open links that begin with webcal."""
    return urlsplit(address)._replace(scheme="webcal").geturl()
