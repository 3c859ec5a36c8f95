"""The network editor: members and agreements of one network."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.access import coordinator_required
from network.forms.networks import AgreementForm, MembershipEndForm, MembershipForm, OrganisationSearchForm
from network.models import Agreement, Network, NetworkMembership, Organisation
from network.views.office.networks import PER_PAGE, own_network
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain


@require_safe
@coordinator_required
def member_find(request: UserRequest, slug: str) -> HttpResponse:
    """Find the organisation that joins; one that is not there yet can be added from here."""
    network = own_network(request, slug)
    form = OrganisationSearchForm(request.GET if "q" in request.GET else None)
    organisations = form.narrow(Organisation.objects.current().for_listing().by_name())
    inside = set(network.memberships.on().values_list("organisation", flat=True))
    page = Paginator(organisations, PER_PAGE).get_page(request.GET.get("page"))
    q = request.GET.get("q", "")
    context = {
        "network": network,
        "page": page,
        "inside": inside,
        "q": q,
        "query": urlencode({"q": q}) if q else "",
    }
    return render(request, "network/office/member_find.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def member_add(request: UserRequest, slug: str, organisation: str) -> HttpResponse:
    network = own_network(request, slug)
    joining = get_object_or_404(Organisation.objects.current(), slug=organisation)
    return _member_form(
        request, NetworkMembership(network=network, organisation=joining, since=timezone.localdate())
    )


@require_http_methods(["GET", "POST"])
@coordinator_required
def member_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    return _member_form(request, _own_membership(request, slug, pk))


def _member_form(request: UserRequest, membership: NetworkMembership) -> HttpResponse:
    form = MembershipForm(request.POST or None, instance=membership)
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("%(name)s was saved.") % {"name": membership.organisation})
        return redirect("network:office:network_detail", membership.network.slug)
    context = {"form": form, "membership": membership, "network": membership.network}
    return render(request, "network/office/member_form.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def member_end(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership on a day; it stays in the history."""
    membership = _own_membership(request, slug, pk)
    form = MembershipEndForm(
        request.POST or None, instance=membership, initial={"until": membership.until or timezone.localdate()}
    )
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("The membership of %(name)s ends.") % {"name": membership.organisation})
        return redirect("network:office:network_detail", membership.network.slug)
    context = {"form": form, "membership": membership, "network": membership.network}
    return render(request, "network/office/member_end.html", context)


def _own_membership(request: UserRequest, slug: str, pk: int) -> NetworkMembership:
    memberships = NetworkMembership.objects.filter(network=own_network(request, slug)).for_listing()
    return get_object_or_404(memberships, pk=pk)


@require_http_methods(["GET", "POST"])
@coordinator_required
def agreement_add(request: UserRequest, slug: str) -> HttpResponse:
    return _agreement_form(request, Agreement(network=own_network(request, slug)))


@require_http_methods(["GET", "POST"])
@coordinator_required
def agreement_edit(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    return _agreement_form(request, _own_agreement(own_network(request, slug), pk))


def _agreement_form(request: UserRequest, agreement: Agreement) -> HttpResponse:
    form = AgreementForm(request.POST or None, request.FILES or None, instance=agreement)
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("The agreement was saved."))
        return redirect("network:office:network_detail", agreement.network.slug)
    context = {"form": form, "agreement": agreement, "network": agreement.network}
    return render(request, "network/office/agreement_form.html", context)


@require_safe
@coordinator_required
def agreement_file(request: UserRequest, slug: str, pk: int) -> FileResponse:
    """The signed paper, always as a download: a browser never opens what somebody uploaded."""
    agreement = _own_agreement(own_network(request, slug), pk)
    if not agreement.file:
        raise Http404
    return FileResponse(agreement.file.open(), as_attachment=True)


def _own_agreement(network: Network, pk: int) -> Agreement:
    return get_object_or_404(Agreement.objects.filter(network=network).select_related("network"), pk=pk)
