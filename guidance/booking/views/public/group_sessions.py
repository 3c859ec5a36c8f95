"""Group sessions and events: what is coming, and a page for each."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.booking.exports.jsonld import event_data
from guidance.booking.forms.group_session import GroupSessionSearchForm
from guidance.booking.models import GroupSession
from network.access import asks_why
from opinovi.addresses import address_of

OTHERS_SHOWN = 5


@login_not_required
@require_safe
def group_session_list(request: HttpRequest) -> HttpResponse:
    form = GroupSessionSearchForm(request.GET)
    page = form.page(GroupSession.objects.published().for_listing(), explain=asks_why(request))
    form.count_if_unanswered(page)
    context = {"form": form, "page": page, "area": form.cleaned_data.get("place")}
    return render(request, "booking/public/group_session_list.html", context)


@login_not_required
@require_safe
def group_session_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """The page stays when the event is cancelled or over: people must find out, and find another."""
    sessions = GroupSession.objects.published().for_listing()
    session = get_object_or_404(sessions.select_related("service"), slug=slug)
    near = Q(organisation=session.organisation) | Q(municipality=session.municipality)
    others = sessions.coming().live().filter(near).exclude(pk=session.pk)
    context = {
        "session": session,
        "data": event_data(session, address_of("booking:public:group_session_detail", session.slug)),
        "others": others[:OTHERS_SHOWN],
        "next_ones": _next_ones(session),
        "trail": [(_("Events"), reverse("booking:public:group_session_list"))],
    }
    return render(request, "booking/public/group_session_detail.html", context)


def _next_ones(session: GroupSession) -> str:
    """The search of the events that come after this one: of its series, or else of its kind and holder."""
    if session.series:
        return urlencode({"series": session.slug})
    alike = {"kind": session.kind, "organisation": session.organisation.slug}
    return urlencode(alike | ({"service": session.service.slug} if session.service else {}))
