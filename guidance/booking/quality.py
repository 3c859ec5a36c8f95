"""What is asked of an event that is coming; see docs/data-quality.md."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import GroupSession
from guidance.booking.models.group_session import GroupSessionQuerySet
from guidance.catalogue.models import QualityScore
from guidance.catalogue.quality.criterion import (
    CHECKED,
    Criterion,
    Found,
    Known,
    filled,
    good_summary,
    long_enough,
    plain_texts_of,
    three_languages_of,
    working_links_of,
    yes,
)
from guidance.catalogue.quality.subjects import Subject
from opinovi.models import User

LINKS = ("registration_link", "online_link")
TEXTS = ("name", "summary", "description", "audience", "place", "registration_note")


def in_one_sentence(session: GroupSession, _known: Known) -> Found:
    return good_summary(session)


def what_happens(session: GroupSession, _known: Known) -> Found:
    return long_enough(session, "description")


def who_it_is_for(session: GroupSession, _known: Known) -> Found:
    return yes(filled(session, "audience"), "audience_fi")


def where_it_is(session: GroupSession, _known: Known) -> Found:
    """The door for those who come, half of it when only the place's name is known; online, the link."""
    if session.municipality_id is None or session.service_point_id or session.street_address:
        return Found(1.0)
    return Found(0.5 if filled(session, "place") else 0.0, ("street_address",))


def in_which_language(session: GroupSession, _known: Known) -> Found:
    return yes(session.languages, "languages")


def what_it_costs(session: GroupSession, _known: Known) -> Found:
    return yes(session.fee is not None, "fee")


def how_to_sign_up(session: GroupSession, _known: Known) -> Found:
    """Here, on another site, or in words: also that nobody needs to."""
    is_told = session.has_registration or session.registration_link or filled(session, "registration_note")
    return yes(is_told, "registration_note_fi")


def whom_to_ask(session: GroupSession, _known: Known) -> Found:
    return yes(session.phone or session.email, "email")


CRITERIA = (
    Criterion(
        2,
        _("In one sentence"),
        _("Say in at most 150 letters what it is; do not repeat its name."),
        in_one_sentence,
    ),
    Criterion(
        2,
        _("What happens there"),
        _("Tell what happens there, in two hundred letters or more."),
        what_happens,
    ),
    Criterion(1, _("Who it is for"), _("Tell whom the event is for."), who_it_is_for),
    Criterion(
        2,
        _("Where it is"),
        _("Choose the service point, or give the street address."),
        where_it_is,
    ),
    Criterion(1, _("In which language"), _("Choose the languages that are spoken there."), in_which_language),
    Criterion(1, _("What it costs"), _("Tell the fee; 0 if there is none."), what_it_costs),
    Criterion(
        2,
        _("How to sign up"),
        _("Let people sign up here, give the link where they do, or tell how; also that they need not."),
        how_to_sign_up,
    ),
    Criterion(2, _("Whom to ask"), _("Give a phone number or an e-mail address for questions."), whom_to_ask),
    three_languages_of(*TEXTS),
    CHECKED,
    working_links_of(*LINKS),
    plain_texts_of(*TEXTS),
)


def measured_events() -> GroupSessionQuerySet:
    """Events that people can still come to; nobody mends what is over or cancelled."""
    return GroupSession.objects.live().coming()


def checked_events() -> GroupSessionQuerySet:
    """Those of them that contacts check by a link, with where they are."""
    return measured_events().published().select_related("service_point", "municipality")


def own_events(user: User) -> GroupSessionQuerySet:
    return measured_events().editable_by(user)


def _read(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("organisation")


EVENTS = Subject(
    QualityScore.Kind.EVENT,
    GroupSession,
    CRITERIA,
    LINKS,
    keeper=lambda row: row.organisation,
    rows=measured_events,
    own=own_events,
    read=_read,
    editor="booking:office:group_session_edit",
    is_later=True,
)
