"""Counsellors invite people to services that not everybody may book, and withdraw what was not used."""

import uuid
from datetime import date, timedelta

import pytest
import time_machine
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.booking import invitations
from guidance.booking.invitations import invite
from guidance.booking.models import BookingInvitation
from opinovi.models import AccessEvent, Letter
from tests.factories import (
    AppointmentFactory,
    AvailabilityFactory,
    BookingInvitationFactory,
    GuidanceServiceFactory,
    local,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
LIST, ADD = "/en/desk/invitations/", "/en/desk/invitations/add/"


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(local(MONDAY, 8), tick=False):
        yield


@pytest.fixture
def service(counsellor):
    """Booked by invitation, at the organisation of the counsellor who is signed in."""
    organisation = counsellor.affiliations.get().organisation
    return GuidanceServiceFactory(organisation=organisation, name_en="Career guidance", booking="invited")


def filled(service, **changes):
    told = {
        "nonce": uuid.uuid4(),
        "service": service.pk,
        "meeting": "me",
        "email": "aino@example.fi",
        "language": "sv",
    }
    return told | changes


def withdraw_page(invitation):
    return f"{LIST}{invitation.pk}/withdraw/"


def test_invitation_add_writes_the_letter_and_shows_the_link_once(browser, counsellor, service):
    form = filled(service)

    made = browser.post(ADD, form)
    browser.post(ADD, form)

    assertRedirects(made, LIST, fetch_redirect_response=False)
    invitation = BookingInvitation.objects.get()
    assert (invitation.counsellor, invitation.invited_by) == (counsellor, counsellor)
    letter = Letter.objects.get()
    assert (letter.recipient, letter.language) == ("aino@example.fi", "sv")
    shown, again = browser.get(LIST), browser.get(LIST)
    assertContains(shown, f"/sv/inbjuden/{invitation.key}/")
    assert shown["Cache-Control"] == "private, no-store"
    assertContains(shown, "The letter is on its way to aino@example.fi.")
    assertNotContains(again, invitation.key)
    event = AccessEvent.objects.about(invitation).get(page="booking:desk:invitation_list")
    assert event.user == counsellor


def test_invitation_add_without_an_address_gives_the_link_alone(browser, service):
    browser.post(ADD, filled(service, email="", meeting="anyone"))

    invitation = BookingInvitation.objects.get()
    assert (invitation.counsellor, invitation.email, Letter.objects.count()) == (None, "", 0)
    assertContains(browser.get(LIST), "Give this link to the person.")


def test_invitation_add_warns_when_nobody_offers_a_time(browser, counsellor, service):
    warning = "Nobody offers a time for this yet"
    AvailabilityFactory(service=service, on=MONDAY + timedelta(days=1))

    with_me = browser.post(ADD, filled(service), follow=True)
    with_anyone = browser.post(ADD, filled(service, meeting="anyone"), follow=True)

    assertContains(with_me, warning)
    assertNotContains(with_anyone, warning)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"email": "aino"}, "Enter a valid email address."),
        ({"service": "0"}, "Select a valid choice."),
        ({"meeting": "anyone"}, "people meet the counsellor they have already"),
        ({"language": "xx"}, "Select a valid choice."),
    ],
)
def test_invitation_add_says_what_is_wrong(browser, service, changes, error):
    service.booking, service.meeting = "anyone", "own"
    service.save()

    response = browser.post(ADD, filled(service) | changes)

    assertContains(response, error)
    assertContains(response, f'value="{changes.get("email", "aino@example.fi")}"')
    assert BookingInvitation.objects.count() == 0


def test_invitation_add_offers_services_that_one_books_by_invitation(browser, service):
    GuidanceServiceFactory(organisation=service.organisation, name_en="Open to all")
    GuidanceServiceFactory(name_en="Of another organisation", booking="invited")

    response = browser.get(ADD)

    assert list(response.context["form"].fields["service"].queryset) == [service]


@pytest.mark.parametrize("address", [LIST, ADD])
def test_invitation_pages_say_when_no_service_is_booked_by_invitation(browser, counsellor, address):
    assertContains(browser.get(address), "Your organisation has no service that is booked by invitation.")


def test_invitation_list_shows_open_ones_of_the_own_organisation(browser, counsellor, service):
    """One that was used is not open, unless what was booked is cancelled; nor is one that has run out."""
    at = {"guidance_service": service, "invited_by": counsellor}
    cancelled = AppointmentFactory(cancelled_at=local(MONDAY, 7), cancelled_by="person")
    BookingInvitationFactory(email="open@example.fi", **at)
    BookingInvitationFactory(email="again@example.fi", appointment=cancelled, **at)
    BookingInvitationFactory(email="used@example.fi", appointment=AppointmentFactory(), **at)
    BookingInvitationFactory(
        email="old@example.fi", created_at=local(MONDAY, 6), expires_at=local(MONDAY, 7), **at
    )
    BookingInvitationFactory(email="elsewhere@example.fi")

    page = browser.get(LIST).context["page"]

    assert {row.email for row in page} == {"open@example.fi", "again@example.fi"}
    assert all(row.is_open for row in page)


def test_invitation_list_says_which_letter_did_not_arrive(browser, counsellor, service):
    invitation = invite(service, by=counsellor, language="en", email="aino@exmaple.fi")
    Letter.objects.update(state=Letter.State.FAILED)

    assertContains(browser.get(LIST), "letter did not arrive")
    browser.post(withdraw_page(invitation))
    assertNotContains(browser.get(LIST), "aino@exmaple.fi")


@pytest.mark.parametrize("count", [1, 4])
def test_invitation_list_costs_the_same_however_many_there_are(
    browser, counsellor, service, count, django_assert_num_queries
):
    for _number in range(count):
        BookingInvitationFactory(guidance_service=service, counsellor=counsellor, email="aino@example.fi")
    browser.get(LIST)

    with django_assert_num_queries(11):
        browser.get(LIST)


def test_invitation_withdraw_closes_the_link_and_forgets_the_address(browser, counsellor, service):
    invitation = invite(service, by=counsellor, language="en", email="aino@example.fi")

    asked = browser.get(withdraw_page(invitation))
    stands = invitation.is_open
    browser.post(withdraw_page(invitation))

    invitation.refresh_from_db()
    assertContains(asked, "No letter tells of this.")
    assert (stands, invitation.is_open, invitation.email) == (True, False, "")
    assert Letter.objects.count() == 0
    assertContains(browser.get(f"/en/invited/{invitation.key}/"), "It was withdrawn.")


def test_invitation_withdraw_leaves_what_was_booked_meanwhile(browser, counsellor, service):
    invitation = invite(service, by=counsellor, language="en", email="aino@example.fi")
    BookingInvitation.objects.update(appointment=AppointmentFactory())

    response = browser.post(withdraw_page(invitation), follow=True)

    assertContains(response, "A time was booked with it meanwhile")
    assert BookingInvitation.objects.get().email == "aino@example.fi"
    assert invitations.withdraw(invitation) is False


def test_old_invitations_are_erased(counsellor, service):
    at = {"guidance_service": service, "invited_by": counsellor}
    long_ago = {"created_at": local(MONDAY - timedelta(days=70), 8)}
    ended = {"expires_at": local(MONDAY - timedelta(days=31), 8)} | long_ago
    met = AppointmentFactory(starts_at=local(MONDAY - timedelta(days=31), 9))
    BookingInvitationFactory(**at, **ended)
    BookingInvitationFactory(appointment=met, **at, **ended)
    kept = [
        BookingInvitationFactory(**at),
        BookingInvitationFactory(appointment=AppointmentFactory(), **at, **ended),
        BookingInvitationFactory(**at, **long_ago, expires_at=local(MONDAY - timedelta(days=29), 8)),
    ]

    invitations.erase_old()

    assert set(BookingInvitation.objects.all()) == set(kept)
