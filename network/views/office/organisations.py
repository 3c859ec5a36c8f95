"""Organisations and their contacts, for those who keep them."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.access import coordinator_required
from network.forms.networks import OrganisationSearchForm
from network.forms.organisations import ContactForm, OrganisationForm
from network.history import versions_of
from network.models import Contact, Organisation
from network.slugs import free_slug
from network.views.office.networks import PER_PAGE
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain


@require_safe
@coordinator_required
def organisation_list(request: UserRequest) -> HttpResponse:
    form = OrganisationSearchForm(request.GET)
    organisations = form.narrow(Organisation.objects.editable_by(request.user).for_listing().by_name())
    page = Paginator(organisations, PER_PAGE).get_page(request.GET.get("page"))
    q = request.GET.get("q", "")
    context = {"page": page, "q": q, "query": urlencode({"q": q}) if q else ""}
    return render(request, "network/office/organisation_list.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def organisation_add(request: UserRequest) -> HttpResponse:
    """A coordinator may add the partner that is missing; it is public at once, so that it can be shown."""
    return _organisation_form(request, Organisation(published_at=timezone.now()))


@require_http_methods(["GET", "POST"])
@coordinator_required
def organisation_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _organisation_form(request, _own_organisation(request, slug))


def _organisation_form(request: UserRequest, organisation: Organisation) -> HttpResponse:
    form = OrganisationForm(request.POST or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        if not organisation.slug:
            organisation.slug = free_slug(Organisation, slugify(form.cleaned_data["name_fi"]))
        if save_or_explain(form):
            messages.success(request, _("%(name)s was saved.") % {"name": organisation})
            if Organisation.objects.editable_by(request.user).filter(pk=organisation.pk).exists():
                return redirect("network:office:organisation_edit", organisation.slug)
            return redirect("network:office:network_list")
    context: dict[str, Any] = {"form": form, "organisation": organisation}
    if organisation.pk:
        context["contacts"] = organisation.contacts.all()
        context["versions"] = versions_of((Organisation, {"pk": organisation.pk}), most=20)
    return render(request, "network/office/organisation_form.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def contact_add(request: UserRequest, slug: str) -> HttpResponse:
    return _contact_form(request, Contact(organisation=_own_organisation(request, slug)))


@require_http_methods(["GET", "POST"])
@coordinator_required
def contact_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    return _contact_form(request, _own_contact(request, slug, pk))


def _contact_form(request: UserRequest, contact: Contact) -> HttpResponse:
    form = ContactForm(request.POST or None, instance=contact)
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("The contact was saved."))
        return redirect("network:office:organisation_edit", contact.organisation.slug)
    context = {"form": form, "contact": contact, "organisation": contact.organisation}
    return render(request, "network/office/contact_form.html", context)


@require_POST
@coordinator_required
def contact_delete(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    _own_contact(request, slug, pk).delete()
    messages.success(request, _("The contact was removed."))
    return redirect("network:office:organisation_edit", slug)


def _own_organisation(request: UserRequest, slug: str) -> Organisation:
    return get_object_or_404(Organisation.objects.editable_by(request.user), slug=slug)


def _own_contact(request: UserRequest, slug: str, pk: int) -> Contact:
    contacts = Contact.objects.filter(organisation=_own_organisation(request, slug))
    return get_object_or_404(contacts.select_related("organisation"), pk=pk)
