"""Who has seen what of a person: written by lists, read by the client's page about it."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import Appointment
from guidance.casework.models import Client
from opinovi.actions import record_accesses
from opinovi.http import UserRequest
from opinovi.models import AccessEvent
from opinovi.models.access import AccessEventQuerySet

PAGES: dict[str, str | Promise] = {
    "casework:desk:my_day": _("My day"),
    "casework:desk:colleague_day": _("The day of colleagues"),
    "casework:desk:session_list": _("List of sessions"),
    "casework:desk:session_add": _("Logging a session"),
    "casework:desk:appointment_log": _("Logging a session"),
    "casework:desk:appointment_missed": _("Noting that the person did not come"),
    "casework:desk:session_detail": _("Session"),
    "casework:desk:session_edit": _("Changing a session"),
    "casework:desk:client_list": _("List of clients"),
    "casework:desk:client_detail": _("Client"),
    "casework:desk:client_add": _("Adding a client"),
    "casework:desk:client_edit": _("Changing a client"),
    "casework:desk:client_access_list": _("Who has used the record"),
}


def record_list(request: UserRequest, shown: Iterable[Model | None]) -> None:
    """Record that people stood in a list.

    A list is recorded once a day (local) for each person, reader and page: a counsellor opens the day's
    list dozens of times, and the trail stays readable. A page about one person is recorded each time.
    """
    rows = {(type(row), row.pk): row for row in shown if row is not None}
    if not rows or request.resolver_match is None:
        return
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = AccessEvent.objects.filter(
        user=request.user, at__gte=today, page=request.resolver_match.view_name
    ).values_list("subject_type", "subject_id")
    known = set(seen)
    kinds = {kind: ContentType.objects.get_for_model(kind).pk for kind, _pk in rows}
    new = [row for (kind, pk), row in rows.items() if (kinds[kind], pk) not in known]
    if new:
        record_accesses(request, new, action=AccessEvent.Action.READ)


def trail_of(client: Client) -> AccessEventQuerySet:
    """What has been read or changed of the client's record and of the appointments that became sessions."""
    appointment = ContentType.objects.get_for_model(Appointment)
    theirs = client.sessions.exclude(appointment=None).values("appointment")
    events = AccessEvent.objects.about(client) | AccessEvent.objects.filter(
        subject_type=appointment, subject_id__in=theirs
    )
    return events.for_listing()
