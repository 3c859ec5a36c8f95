"""Who enters which area: the guards of the desk and the office."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from network.models.people import Role
from opinovi.http import UserRequest, View


def role_required(*roles: Role) -> Callable[[View], View]:
    """Let in only somebody who has one of the roles today, in any organisation; a 403 for the others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.affiliations.current().filter(role__in=roles).exists():
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]  # tests/test_routes.py reads it
        return guarded

    return decorate


counsellor_required = role_required(Role.COUNSELLOR)
coordinator_required = role_required(Role.COORDINATOR, Role.ADMINISTRATOR)
administrator_required = role_required(Role.ADMINISTRATOR)
