"""What every page may show of the person who reads it."""

from dataclasses import dataclass

from django.http import HttpRequest

from network.models.people import Role


@dataclass(frozen=True)
class OpenAreas:
    """Which areas of the portal the reader may enter."""

    desk: bool = False
    office: bool = False
    administrator: bool = False


def portal(request: HttpRequest) -> dict[str, OpenAreas]:
    """`portal`: the areas open to the reader; none for a stranger, without a query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"portal": OpenAreas()}
    roles = set(user.affiliations.current().values_list("role", flat=True))
    return {
        "portal": OpenAreas(
            desk=Role.COUNSELLOR in roles,
            office=bool(roles & {Role.COORDINATOR, Role.ADMINISTRATOR}),
            administrator=Role.ADMINISTRATOR in roles,
        )
    }
