"""People at work and their roles. An administrator sees everybody, a coordinator their own organisations."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import administrator_required, coordinator_required, people_seen_by
from network.actions import people as actions
from network.forms.people import AffiliationEndForm, AffiliationForm, PersonForm, PersonSearchForm
from network.models import Affiliation
from network.models.people import AffiliationQuerySet, Role
from opinovi.actions import record_access
from opinovi.http import UserRequest
from opinovi.models import AccessEvent, User
from opinovi.models.user import UserQuerySet
from opinovi.refusals import explain, save_or_explain

PER_PAGE = 25


@require_safe
@coordinator_required
def person_list(request: UserRequest) -> HttpResponse:
    form = PersonSearchForm(request.GET if "q" in request.GET else None)
    today = Affiliation.objects.current().select_related("organisation")
    people = form.narrow(people_seen_by(request.user)).by_name()
    people = people.prefetch_related(Prefetch("affiliations", today, to_attr="current_affiliations"))
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    q = request.GET.get("q", "")
    context = {"page": page, "q": q, "query": urlencode({"q": q}) if q else ""}
    return render(request, "network/office/person_list.html", context)


@require_safe
@coordinator_required
def person_detail(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(people_seen_by(request.user), pk=pk)
    affiliations = person.affiliations.select_related("organisation").order_by("-since", "-pk")
    context = {
        "person": person,
        "affiliations": affiliations,
        "may_end": set(_endable(request).filter(user=person).values_list("pk", flat=True)),
        "may_edit": _editable(request).filter(pk=pk).exists(),
        "has_second_factor": Authenticator.objects.filter(user=person).exists(),
    }
    return render(request, "network/office/person_detail.html", context)


@require_http_methods(["GET", "POST"])
@administrator_required
def person_edit(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(_editable(request), pk=pk)
    form = PersonForm(request.POST or None, instance=person, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_person(person)
        except IntegrityError as error:  # somebody else took the address in this moment
            form.add_error("email", explain(error, User))
        else:
            changed = ", ".join(form.changed_data)
            record_access(request, person, action=AccessEvent.Action.CHANGE, reason=changed)
            messages.success(request, _("%(name)s was saved.") % {"name": person})
            return redirect("network:office:person_detail", person.pk)
    return render(request, "network/office/person_edit.html", {"form": form, "person": person})


@require_http_methods(["GET", "POST"])
@administrator_required
def second_factor_remove(request: UserRequest, pk: int) -> HttpResponse:
    """For somebody who has lost the phone and the recovery codes; their own is on the account's pages."""
    person = get_object_or_404(_editable(request).exclude(pk=request.user.pk), pk=pk)
    if request.method == "POST":
        actions.remove_second_factor(person)
        record_access(request, person, action=AccessEvent.Action.CHANGE, reason="second factor")
        messages.success(request, _("%(name)s sets up a new one at the next sign-in.") % {"name": person})
        return redirect("network:office:person_detail", person.pk)
    return render(request, "network/office/second_factor_remove.html", {"person": person})


@require_http_methods(["GET", "POST"])
@coordinator_required
def affiliation_add(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(people_seen_by(request.user), pk=pk)
    form = AffiliationForm(request.POST or None, instance=Affiliation(user=person), user=request.user)
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("The role was given."))
        return redirect("network:office:person_detail", person.pk)
    return render(request, "network/office/affiliation_add.html", {"form": form, "person": person})


@require_http_methods(["GET", "POST"])
@coordinator_required
def affiliation_end(request: UserRequest, pk: int) -> HttpResponse:
    affiliation = get_object_or_404(_endable(request).for_listing(), pk=pk)
    form = AffiliationEndForm(request.POST or None, instance=affiliation)
    if request.method == "POST" and form.is_valid():
        actions.end_affiliation(affiliation, until=form.cleaned_data["until"])
        messages.success(request, _("The role ends."))
        return redirect("network:office:person_detail", affiliation.user.pk)
    context = {"form": form, "affiliation": affiliation}
    return render(request, "network/office/affiliation_end.html", context)


def _editable(request: UserRequest) -> UserQuerySet:
    """Accounts an administrator may change; a superuser's only another superuser."""
    if not request.user.affiliations.current().administrators().exists():
        return User.objects.none()
    return User.objects.all() if request.user.is_superuser else User.objects.filter(is_superuser=False)


def _endable(request: UserRequest) -> AffiliationQuerySet:
    """Roles the reader may end; one's own as administrator only another one may, so that one is left."""
    own = {"user": request.user, "role": Role.ADMINISTRATOR}
    return Affiliation.objects.editable_by(request.user).exclude(**own)
