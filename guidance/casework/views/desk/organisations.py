"""For which organisation a counsellor works just now, when there are several."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render

from network.models import Organisation
from network.models.organisation import OrganisationQuerySet
from opinovi.http import UserRequest
from opinovi.models import User


def own_organisations(user: User) -> OrganisationQuerySet:
    """The organisations where the user is a counsellor today."""
    roles = user.affiliations.current().counsellors()
    return Organisation.objects.filter(pk__in=roles.values("organisation"))


def asked_number(request: UserRequest, name: str) -> int:
    """A row's number in the address; raises Http404 for anything else."""
    value = request.GET.get(name, "")
    if not value.isdecimal() or len(value) > 18:
        raise Http404
    return int(value)


def chosen_organisation(request: UserRequest) -> Organisation | None:
    """The only organisation there is, or the one that `?organisation=7` names; None when one must choose."""
    own = own_organisations(request.user)
    if "organisation" in request.GET:
        return get_object_or_404(own, pk=asked_number(request, "organisation"))
    found = list(own[:2])
    return found[0] if len(found) == 1 else None


def organisation_choice(request: UserRequest, title: str) -> HttpResponse:
    """Ask which organisation; each choice leads back to the same page."""
    organisations = own_organisations(request.user).by_name()
    context = {"organisations": organisations, "title": title}
    return render(request, "casework/desk/organisation_choice.html", context)
