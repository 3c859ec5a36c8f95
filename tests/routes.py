"""Every address of the portal, as the resolver knows them."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver


class Route(NamedTuple):
    """An address: its namespaces (app and area), its name and its view."""

    namespaces: tuple[str, ...]
    name: str
    view: object
    arguments: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return ":".join([*self.namespaces, self.name])

    @property
    def is_ours(self) -> bool:
        """Not Django's admin and not allauth's."""
        ours = self.view.__module__.startswith(("opinovi.", "network.", "projects.", "guidance."))
        return ours and "admin" not in self.namespaces


def all_routes() -> list[Route]:
    """Each name once, in the order of the resolver."""
    return list({route.full_name: route for route in _walk(get_resolver(), (), ())}.values())


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], arguments: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        own = (*arguments, *entry.pattern.regex.groupindex, *getattr(entry.pattern, "converters", ()))
        if isinstance(entry, URLResolver):
            inside = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, inside, own)
        elif isinstance(entry, URLPattern):
            yield Route(namespaces, entry.name or "", entry.callback, tuple(dict.fromkeys(own)))
