"""The network editor: networks, who is in them, and the picture of it."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.access import administrator_required, coordinator_required
from network.forms.networks import NetworkForm
from network.history import versions_of
from network.models import Agreement, Network, NetworkMembership
from network.picture import draw
from network.publishing import toggle_published
from opinovi.alphabet import SortKey, name_key
from opinovi.http import UserRequest
from opinovi.refusals import save_or_explain

SORTS: dict[str, Callable[[], str | SortKey]] = {
    "name": name_key,
    "sector": lambda: "organisation__sector__order",
    "role": lambda: "role",
    "since": lambda: "since",
    "until": lambda: "until",
}
PER_PAGE = 25


@require_safe
@coordinator_required
def home(request: UserRequest) -> HttpResponse:
    """The office opens on the networks."""
    return redirect("network:office:network_list")


@require_safe
@coordinator_required
def network_list(request: UserRequest) -> HttpResponse:
    today = timezone.localdate()
    now = Q(memberships__since__lte=today) & (
        Q(memberships__until__isnull=True) | Q(memberships__until__gte=today)
    )
    networks = Network.objects.editable_by(request.user).for_listing().by_name()
    page = Paginator(networks.annotate(member_count=Count("memberships", filter=now)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    editable = Network.objects.editable_by(request.user)
    ending = Agreement.objects.running_out(today).filter(network__in=editable).select_related("network")
    context = {"page": page, "agreements": ending.order_by("valid_to", "pk")[:10]}
    return render(request, "network/office/network_list.html", context)


@require_http_methods(["GET", "POST"])
@administrator_required
def network_add(request: UserRequest) -> HttpResponse:
    return _network_form(request, Network())


@require_http_methods(["GET", "POST"])
@coordinator_required
def network_edit(request: UserRequest, slug: str) -> HttpResponse:
    return _network_form(request, own_network(request, slug))


def _network_form(request: UserRequest, network: Network) -> HttpResponse:
    form = NetworkForm(request.POST or None, instance=network)
    if request.method == "POST" and form.is_valid():
        if not network.slug:
            network.slug = slugify(form.cleaned_data["name_fi"])[:120]
        if save_or_explain(form):
            messages.success(request, _("The network was saved."))
            return redirect("network:office:network_detail", network.slug)
    context = {"form": form, "network": network}
    return render(request, "network/office/network_form.html", context)


@require_safe
@coordinator_required
def network_detail(request: UserRequest, slug: str) -> HttpResponse:
    network = own_network(request, slug)
    sort = request.GET.get("sort", "name")
    shows_all = "all" in request.GET
    memberships = _sorted(network.memberships.for_listing(), sort)
    if not shows_all:
        memberships = memberships.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))
    context = {
        "network": network,
        "page": Paginator(memberships, PER_PAGE).get_page(request.GET.get("page")),
        "agreements": network.agreements.prefetch_related("parties")[:20],
        "sort": sort,
        "shows_all": shows_all,
        "query": ("all&" if shows_all else "") + f"sort={sort}" if sort in SORTS else "",
    }
    return render(request, "network/office/network_detail.html", context)


def _sorted(memberships: QuerySet[NetworkMembership], sort: str) -> QuerySet[NetworkMembership]:
    if sort in {"role", "since", "until", "sector"}:
        return memberships.order_by(SORTS[sort](), name_key("organisation__name"), "pk")
    return memberships.order_by(name_key("organisation__name"), "since", "pk")


@require_POST
@coordinator_required
def network_publish(request: UserRequest, slug: str) -> HttpResponse:
    """Put the network before everybody's eyes, or take it away again."""
    network = own_network(request, slug)
    toggle_published(request, network)
    return redirect("network:office:network_detail", network.slug)


@require_safe
@coordinator_required
def network_picture(request: UserRequest, slug: str) -> HttpResponse:
    network = own_network(request, slug)
    memberships = list(
        network.memberships.for_listing()
        .on()
        .order_by("organisation__sector__order", name_key("organisation__name"), "pk")
    )
    context = {"network": network, "memberships": memberships, "picture": draw(network, memberships)}
    return render(request, "network/office/network_picture.html", context)


@require_safe
@coordinator_required
def network_history(request: UserRequest, slug: str) -> HttpResponse:
    network = own_network(request, slug)
    versions = versions_of((Network, {"pk": network.pk}), (NetworkMembership, {"network": network.pk}))
    page = Paginator(versions, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "network/office/network_history.html", {"network": network, "page": page})


def own_network(request: UserRequest, slug: str) -> Network:
    """A network the user may edit; otherwise a 404."""
    return get_object_or_404(Network.objects.editable_by(request.user).for_listing(), slug=slug)
