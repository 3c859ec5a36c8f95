"""What booking adds to apps to its left.

The events that are coming, on the catalogue's pages and in followed searches; events among what is imported,
measured and checked by contacts; and who counts on the stops of the bus.
"""

from django.utils.translation import gettext_lazy as _

from guidance.booking import imports, registrations, stops
from guidance.booking.forms.checks import EventCorrectionForm
from guidance.booking.forms.group_session import GroupSessionSearchForm
from guidance.booking.models import GroupSession
from guidance.booking.models.group_session import GroupSessionQuerySet
from guidance.booking.quality import EVENTS, checked_events
from guidance.catalogue.additions import Addition, Subject, add_to_pages
from guidance.catalogue.checkable import CHECKABLES, Checkable
from guidance.catalogue.followed import SEARCHES, Followable
from guidance.catalogue.models import GuidanceService
from guidance.catalogue.quality.subjects import SUBJECTS
from network.actions.stops import Follower, follow_stops
from network.models import Area, Organisation


def coming_about(subject: Subject) -> GroupSessionQuerySet:
    """Events that are coming, those of the subject alone if there is one; cancelled ones are marked."""
    sessions = GroupSession.objects.published().coming().for_listing()
    if isinstance(subject, Area):
        return sessions.within(subject)
    if isinstance(subject, Organisation):
        return sessions.filter(organisation=subject)
    if isinstance(subject, GuidanceService):
        return sessions.filter(service=subject)
    return sessions


add_to_pages(
    Addition(
        heading=_("Coming up"),
        rows=coming_about,
        template="booking/public/_group_session_row.html",
        list_name="booking:public:group_session_list",
        all_of_them=_("See all events"),
    )
)

SEARCHES["events"] = Followable(
    _("Events"),
    GroupSessionSearchForm,
    GroupSession.objects.published,
    "booking:public:group_session_list",
    "booking:public:group_session_detail",
)

SUBJECTS[EVENTS.kind] = EVENTS
CHECKABLES[EVENTS.kind.value] = Checkable(
    EVENTS.kind,
    checked_events,
    "organisation",
    EventCorrectionForm,
    "booking/public/_check_event_facts.html",
    registrations.cancel_session,
)

follow_stops(Follower(count=stops.count_booked, tell=stops.stop_changed))

imports.add_to_imports()
