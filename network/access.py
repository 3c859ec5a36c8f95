"""Who enters which area: the guards of the desk and the office."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from network.models import Affiliation, Organisation
from network.models.people import Role
from opinovi.http import UserRequest, View
from opinovi.models import User
from opinovi.models.user import UserQuerySet

READ_ALREADY = "_current_roles"


def current_roles(request: HttpRequest) -> frozenset[str]:
    """The roles the reader has today, in any organisation; one query a request, none for a stranger."""
    if not request.user.is_authenticated:
        return frozenset()
    if not hasattr(request, READ_ALREADY):
        roles = request.user.affiliations.current().values_list("role", flat=True)
        setattr(request, READ_ALREADY, frozenset(roles))
    return getattr(request, READ_ALREADY)


def asks_why(request: HttpRequest) -> bool:
    """Whether somebody who is signed in asks for the reasons of an order, by `?explain` in the address."""
    return "explain" in request.GET and request.user.is_authenticated


def role_required(*roles: Role) -> Callable[[View], View]:
    """Let in only somebody who has one of the roles today, in any organisation; a 403 for the others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if current_roles(request).isdisjoint(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]  # tests/test_routes.py reads it
        return guarded

    return decorate


counsellor_required = role_required(Role.COUNSELLOR)
coordinator_required = role_required(Role.COORDINATOR, Role.ADMINISTRATOR)
administrator_required = role_required(Role.ADMINISTRATOR)


def fellow_counsellors(user: User) -> UserQuerySet:
    """Who is a counsellor today in an organisation where the user is one, the user too."""
    own = user.affiliations.current().counsellors().values("organisation")
    return counsellors_of(Organisation.objects.filter(pk__in=own))


def counsellors_of(organisations: QuerySet[Organisation]) -> UserQuerySet:
    """Who is a counsellor today in one of the organisations."""
    roles = Affiliation.objects.current().counsellors().filter(organisation__in=organisations)
    return User.objects.active().filter(pk__in=roles.values("user"))


def people_seen_by(user: User) -> UserQuerySet:
    """People whose roles the user looks after: all for an administrator.

    For a coordinator those who work, or have worked, in the organisations where they are coordinator today.
    """
    if user.affiliations.current().administrators().exists():
        return User.objects.all()
    own = Affiliation.objects.filter(
        user=OuterRef("pk"), organisation__in=Organisation.objects.editable_by(user)
    )
    return User.objects.filter(Exists(own))
