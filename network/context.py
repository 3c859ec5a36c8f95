"""What every page may show of the person who reads it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from network.access import current_roles
from network.models.people import Role
from opinovi.middleware.kept_form import sign_owner


@dataclass(frozen=True)
class OpenAreas:
    """Which areas of the portal the reader may enter."""

    desk: bool = False
    office: bool = False
    administrator: bool = False


def portal(request: HttpRequest) -> dict[str, object]:
    """`portal`: the areas open to the reader. `form_owner`: whose a form on the page is, signed.

    Both are worked out only where a template asks; a stranger costs no query.
    """
    return {
        "portal": SimpleLazyObject(lambda: _open_areas(request)),
        "form_owner": SimpleLazyObject(lambda: sign_owner(request.user)),
    }


def _open_areas(request: HttpRequest) -> OpenAreas:
    roles = current_roles(request) if hasattr(request, "user") else frozenset()
    return OpenAreas(
        desk=Role.COUNSELLOR in roles,
        office=not roles.isdisjoint({Role.COORDINATOR, Role.ADMINISTRATOR}),
        administrator=Role.ADMINISTRATOR in roles,
    )
