"""The clients of the counsellor's organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guidance.booking.models import Appointment
from guidance.booking.models.appointment_queryset import AppointmentQuerySet
from guidance.casework import actions
from guidance.casework.forms import ClientForm, ClientSearchForm
from guidance.casework.models import Client
from guidance.casework.trail import PAGES, trail_of
from guidance.casework.views.desk.organisations import chosen_organisation, organisation_choice
from network.access import counsellor_required
from opinovi.actions import record_access, record_list
from opinovi.http import UserRequest
from opinovi.models import AccessEvent

ROWS = 25


@require_safe
@counsellor_required
def client_list(request: UserRequest) -> HttpResponse:
    """Clients of the counsellor's organisations, by name."""
    form = ClientSearchForm(request.GET or None)
    found = form.narrow(Client.objects.visible_to(request.user)).by_name()
    page = Paginator(found.for_listing(), ROWS).get_page(request.GET.get("page"))
    record_list(request, page)
    query = request.GET.copy()
    query.pop("page", None)
    words = request.GET.get("q", "").strip()
    context = {"page": page, "form": form, "query": query.urlencode(), "words": words}
    return render(request, "casework/desk/client_list.html", context)


@require_safe
@counsellor_required
def client_detail(request: UserRequest, pk: int) -> HttpResponse:
    """The client's facts, coming appointments and sessions in order."""
    client = _visible_client(request, pk)
    record_access(request, client, action=AccessEvent.Action.READ)
    sessions = client.sessions.for_detail()
    return render(
        request,
        "casework/desk/client_detail.html",
        {
            "client": client,
            "appointments": _coming_appointments(client),
            "page": Paginator(sessions, ROWS).get_page(request.GET.get("page")),
        },
    )


def _coming_appointments(client: Client) -> AppointmentQuerySet:
    """Bookings in the client's organisation under the same e-mail address."""
    appointments = Appointment.objects.coming().filter(organisation=client.organisation_id)
    if not client.email:
        return appointments.none()
    return appointments.filter(email__iexact=client.email).for_listing()


@require_http_methods(["GET", "POST"])
@counsellor_required
def client_add(request: UserRequest) -> HttpResponse:
    organisation = chosen_organisation(request)
    if organisation is None:
        return organisation_choice(request, _("Add a client"))
    return _client_form(request, Client(organisation=organisation))


@require_http_methods(["GET", "POST"])
@counsellor_required
def client_edit(request: UserRequest, pk: int) -> HttpResponse:
    client = _visible_client(request, pk)
    record_access(request, client, action=AccessEvent.Action.READ)
    return _client_form(request, client)


@require_safe
@counsellor_required
def client_access_list(request: UserRequest, pk: int) -> HttpResponse:
    """Who has read or changed the client's record, when and on which page."""
    client = _visible_client(request, pk)
    record_access(request, client, action=AccessEvent.Action.READ)
    page = Paginator(trail_of(client), ROWS).get_page(request.GET.get("page"))
    events = [(event, PAGES.get(event.page, event.page)) for event in page]
    return render(
        request, "casework/desk/client_access_list.html", {"client": client, "page": page, "events": events}
    )


def _visible_client(request: UserRequest, pk: int) -> Client:
    clients = Client.objects.visible_to(request.user).select_related("organisation", "home_municipality")
    return get_object_or_404(clients, pk=pk)


def _client_form(request: UserRequest, client: Client) -> HttpResponse:
    form = ClientForm(request.POST or None, instance=client)
    if request.method == "POST" and form.is_valid():
        try:
            if client.pk:
                actions.change_client(client, version=form.cleaned_data["version"])
            else:
                actions.add_client(client)
        except actions.EnteredAlready as error:
            return redirect("casework:desk:client_detail", error.entry.pk)
        except actions.ChangedMeanwhile as error:
            if not form.show_current(error.current):
                return redirect("casework:desk:client_detail", client.pk)
        else:
            record_access(request, client, action=AccessEvent.Action.CHANGE)
            messages.success(request, _("The client was saved."))
            return redirect("casework:desk:client_detail", client.pk)
    return render(request, "casework/desk/client_form.html", {"form": form, "client": client})
