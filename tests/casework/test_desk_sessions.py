from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.casework.models import Client, GuidanceSession
from opinovi.models import AccessEvent
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    ClientFactory,
    GuidanceServiceFactory,
    GuidanceSessionFactory,
    GuidanceTopicFactory,
    ServicePointFactory,
    local,
)

pytestmark = pytest.mark.django_db
ADD = "/en/desk/sessions/add/"
LIST = "/en/desk/sessions/"


@pytest.fixture(autouse=True)
def _noon():
    """Whenever the tests run, five minutes ago is today."""
    with time_machine.travel(local(timezone.localdate(), 12)):
        yield


@pytest.fixture
def organisation(counsellor):
    return counsellor.affiliations.get().organisation


@pytest.fixture
def service(organisation):
    return GuidanceServiceFactory(organisation=organisation)


@pytest.fixture
def appointment(counsellor, service):
    """One that is on just now."""
    return AppointmentFactory(
        guidance_service=service,
        counsellor=counsellor,
        starts_at=timezone.now() - timedelta(minutes=5),
        name="Aino Esimerkki",
        email="aino@example.fi",
        spoken_language="sv",
    )


def log_page(appointment):
    return reverse("casework:desk:appointment_log", args=[appointment.pk])


def filled(page, **changes):
    """What a browser sends of a form as it was shown, with what somebody typed or chose."""
    form = page.context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if isinstance(value, list | tuple):
            sent[field.name] = [getattr(row, "pk", row) for row in value]
        elif value is not None:
            sent[field.name] = value
    return sent | changes


def test_appointment_log_needs_only_notes(browser, counsellor, appointment, service):
    topic = GuidanceTopicFactory()
    service.topics.add(topic)
    page = browser.get(log_page(appointment))

    response = browser.post(
        log_page(appointment), filled(page, notes="Puhuimme opinnoista.", next_step="Soitan.")
    )

    assertRedirects(response, "/en/desk/")
    session = GuidanceSession.objects.get()
    assert (session.appointment, session.counsellor) == (appointment, counsellor)
    assert (session.guidance_service, session.channel) == (service, appointment.channel)
    assert (session.held_on, session.minutes, session.language) == (timezone.localdate(), 45, "sv")
    assert (session.notes, session.next_step) == ("Puhuimme opinnoista.", "Soitan.")
    assert list(session.topics.all()) == [topic]
    client = session.client
    assert (client.name, client.email, client.phone) == (
        "Aino Esimerkki",
        "aino@example.fi",
        appointment.phone,
    )
    assert client.organisation == appointment.organisation


def test_appointment_log_chooses_the_client_with_that_address_and_name(browser, organisation, appointment):
    client = ClientFactory(organisation=organisation, name="Esimerkki Aino", email="AINO@example.fi")
    page = browser.get(log_page(appointment))

    browser.post(log_page(appointment), filled(page))

    assert GuidanceSession.objects.get().client == client


def test_appointment_log_asks_when_another_person_has_that_address(browser, organisation, appointment):
    ClientFactory(organisation=organisation, name="Aino Toinen", email="aino@example.fi")
    page = browser.get(log_page(appointment))

    response = browser.post(log_page(appointment), filled(page))

    assertContains(page, "Aino Toinen")
    assertContains(response, "error-summary")
    assert not GuidanceSession.objects.exists()


def test_appointment_log_never_offers_another_organisations_client(browser, appointment):
    ClientFactory(name="Aino Esimerkki", email="aino@example.fi")

    page = browser.get(log_page(appointment))

    assert list(page.context["form"].offered) == []


def test_appointment_log_finds_another_client_and_keeps_what_was_typed(browser, organisation, appointment):
    client = ClientFactory(organisation=organisation, name="Örjan Äijälä")
    ClientFactory(name="Örjan Muualla")
    page = browser.get(log_page(appointment))

    found = browser.post(
        log_page(appointment), filled(page, notes="Pitkä muistiinpano", find="orjan", search="1")
    )

    assertContains(found, "Örjan Äijälä")
    assertContains(found, "Pitkä muistiinpano")
    assertContains(found, "One client found.")
    assertNotContains(found, "Muualla")
    assertNotContains(found, "error-summary")
    assert not GuidanceSession.objects.exists()

    browser.post(log_page(appointment), filled(found, person=client.pk))

    session = GuidanceSession.objects.get()
    assert (session.client, session.notes) == (client, "Pitkä muistiinpano")


def test_appointment_log_tells_that_no_one_has_such_a_name(browser, appointment):
    page = browser.get(log_page(appointment))

    response = browser.post(log_page(appointment), filled(page, find="Zzz", search="1"))

    assertContains(response, "No client has these words in the name.")


def test_appointment_log_may_leave_the_person_without_a_name(browser, appointment):
    page = browser.get(log_page(appointment))

    browser.post(log_page(appointment), filled(page, person="nobody"))

    assert GuidanceSession.objects.get().client is None
    assert not Client.objects.exists()


def test_appointment_log_leads_to_the_session_that_stands(browser, appointment):
    session = GuidanceSessionFactory(
        appointment=appointment, organisation=appointment.organisation, counsellor=appointment.counsellor
    )

    response = browser.get(log_page(appointment), follow=True)

    assertRedirects(response, reverse("casework:desk:session_detail", args=[session.pk]))
    assertContains(response, "has been logged already")


def test_appointment_log_from_a_second_tab_keeps_its_notes_and_saves_nothing(browser, appointment):
    page, other_tab = (browser.get(log_page(appointment)) for _tab in range(2))
    browser.post(log_page(appointment), filled(page, notes="Ensin"))

    response = browser.post(log_page(appointment), filled(other_tab, notes="Toisesta ikkunasta"))

    session = GuidanceSession.objects.get()
    assert session.notes == "Ensin"
    assertContains(response, "has been logged already", status_code=409)
    assertContains(response, "Toisesta ikkunasta", status_code=409)
    assertContains(response, reverse("casework:desk:session_detail", args=[session.pk]), status_code=409)


def test_appointment_log_sent_twice_by_a_double_click_ends_well(browser, appointment):
    page = browser.get(log_page(appointment))
    browser.post(log_page(appointment), filled(page, notes="Kerran"))

    response = browser.post(log_page(appointment), filled(page, notes="Kerran"))

    session = GuidanceSession.objects.get()
    assertRedirects(response, reverse("casework:desk:session_detail", args=[session.pk]))


@pytest.mark.parametrize("why", ["another organisation's", "no such"])
def test_appointment_log_is_404_for_what_one_may_not_see(browser, counsellor, why):
    pk = AppointmentFactory(starts_at=timezone.now()).pk if why != "no such" else 999

    assert browser.get(reverse("casework:desk:appointment_log", args=[pk])).status_code == 404


@pytest.mark.parametrize("state", ["cancelled", "tomorrow"])
def test_appointment_log_explains_why_not(browser, counsellor, service, state):
    when = {"cancelled_at": timezone.now(), "cancelled_by": "person", "starts_at": timezone.now()}
    appointment = AppointmentFactory(
        guidance_service=service, counsellor=counsellor, **(when if state == "cancelled" else {})
    )

    response = browser.get(log_page(appointment), follow=True)

    assertContains(response, "notice--today")
    assert not GuidanceSession.objects.exists()


def test_appointment_log_for_a_colleague_who_is_away(browser, counsellor, service):
    appointment = AppointmentFactory(guidance_service=service, starts_at=timezone.now())
    page = browser.get(log_page(appointment))

    browser.post(log_page(appointment), filled(page))

    assert GuidanceSession.objects.get().counsellor == counsellor


def test_session_add_counts_somebody_without_a_name(browser, counsellor, service):
    page = browser.get(ADD)

    browser.post(ADD, filled(page, person="nobody"))

    session = GuidanceSession.objects.get()
    assert (session.client, session.guidance_service, session.counsellor) == (None, service, counsellor)


def test_session_add_with_a_new_client(browser, organisation, service):
    page = browser.get(ADD)

    browser.post(ADD, filled(page, person="new", new_name="Uusi Ihminen", new_email="Uusi@example.fi"))

    client = GuidanceSession.objects.get().client
    assert (client.name, client.email, client.organisation) == (
        "Uusi Ihminen",
        "uusi@example.fi",
        organisation,
    )


def test_session_add_asks_whether_a_new_client_is_an_old_one(browser, organisation, service):
    old = ClientFactory(organisation=organisation, name="Aino Vanha", email="aino@example.fi")
    new = {"person": "new", "new_name": "Aino V.", "new_email": "aino@example.fi"}
    page = browser.get(ADD)

    asked = browser.post(ADD, filled(page, **new))

    assertContains(asked, "Is it one of these?")
    assertContains(asked, old.name)
    assert not GuidanceSession.objects.exists()

    browser.post(ADD, filled(asked, person="another"))

    assert set(Client.objects.values_list("name", flat=True)) == {"Aino Vanha", "Aino V."}


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"person": "new"}, "new_name"),
        ({"person": "nobody", "new_name": "Aino"}, "person"),
        ({"person": ""}, "person"),
        ({"person": "nobody", "held_on": "2999-01-01"}, "held_on"),
        ({"person": "nobody", "held_on": "0019-01-01"}, "held_on"),
        ({"person": "nobody", "minutes": "0"}, "minutes"),
        ({"person": "nobody", "notes": "a" * 10001}, "notes"),
        ({"person": "nobody", "next_step": "a" * 301}, "next_step"),
    ],
)
def test_session_add_says_what_is_wrong_and_cuts_nothing(browser, service, typed, where):
    page = browser.get(ADD)

    response = browser.post(ADD, filled(page, **typed))

    assert where in response.context["form"].errors
    assertNotContains(response, "maxlength")
    assert not GuidanceSession.objects.exists()


def test_session_add_begins_like_the_latest_session(browser, counsellor, service):
    point = ServicePointFactory(organisation=service.organisation)
    other = GuidanceServiceFactory(organisation=service.organisation)
    GuidanceSessionFactory(
        guidance_service=other, counsellor=counsellor, service_point=point, minutes=30, language="en"
    )

    session = browser.get(ADD).context["form"].instance

    assert (session.guidance_service, session.service_point) == (other, point)
    assert (session.minutes, session.language, session.client) == (30, "en", None)


def test_session_add_from_a_client_has_the_client_chosen(browser, organisation, service):
    client = ClientFactory(organisation=organisation)
    address = f"{ADD}?client={client.pk}"

    browser.post(address, filled(browser.get(address)))

    assert GuidanceSession.objects.get().client == client


def test_session_add_asks_for_the_organisation_only_when_there_are_several(browser, counsellor, service):
    second = AffiliationFactory(user=counsellor).organisation

    asked = browser.get(ADD)

    assertContains(asked, f"?organisation={second.pk}")
    address = f"{ADD}?organisation={service.organisation.pk}"
    browser.post(address, filled(browser.get(address), person="nobody"))
    assert GuidanceSession.objects.get().organisation == service.organisation


@pytest.mark.parametrize("query", ["client", "organisation"])
def test_session_add_is_404_for_another_organisations_row(browser, service, query):
    client = ClientFactory()
    pk = client.pk if query == "client" else client.organisation.pk

    assert browser.get(f"{ADD}?{query}={pk}").status_code == 404
    assert browser.get(f"{ADD}?{query}=1%27").status_code == 404


@pytest.mark.parametrize("field", ["person", "guidance_service", "service_point", "project"])
def test_session_add_is_404_when_another_organisations_row_is_sent(browser, service, field):
    foreign = {
        "person": ClientFactory,
        "guidance_service": GuidanceServiceFactory,
        "service_point": ServicePointFactory,
        "project": lambda: type("Project", (), {"pk": 999}),
    }[field]()
    page = browser.get(ADD)

    response = browser.post(ADD, filled(page, **({"person": "nobody"} | {field: foreign.pk})))

    assert response.status_code == 404
    assert not GuidanceSession.objects.exists()


def test_session_add_records_that_the_client_was_changed(browser, counsellor, organisation, service):
    client = ClientFactory(organisation=organisation)
    address = f"{ADD}?client={client.pk}"

    browser.post(address, filled(browser.get(address)))

    actions = AccessEvent.objects.about(client).values_list("user", "action")
    assert (counsellor.pk, "change") in set(actions)


def test_session_detail_is_read_by_a_colleague_who_may_not_change_it(browser, organisation):
    session = GuidanceSessionFactory(organisation=organisation, notes="Näkyy työparille")
    detail = reverse("casework:desk:session_detail", args=[session.pk])
    edit = reverse("casework:desk:session_edit", args=[session.pk])

    response = browser.get(detail)

    assertContains(response, "Näkyy työparille")
    assertNotContains(response, edit)
    assert browser.get(edit).status_code == 404
    assert AccessEvent.objects.about(session.client).count() == 1


@pytest.mark.parametrize("page", ["session_detail", "session_edit"])
def test_session_of_another_organisation_is_404(browser, counsellor, page):
    session = GuidanceSessionFactory()

    assert browser.get(reverse(f"casework:desk:{page}", args=[session.pk])).status_code == 404


def test_session_edit_changes_ones_own(browser, counsellor, service):
    session = GuidanceSessionFactory(guidance_service=service, counsellor=counsellor)
    edit = reverse("casework:desk:session_edit", args=[session.pk])

    browser.post(edit, filled(browser.get(edit), notes="Korjattu"))

    session.refresh_from_db()
    assert (session.notes, session.version) == ("Korjattu", 2)


def test_session_edit_in_two_tabs_overwrites_nothing_silently(browser, counsellor, service):
    session = GuidanceSessionFactory(guidance_service=service, counsellor=counsellor)
    edit = reverse("casework:desk:session_edit", args=[session.pk])
    first, second = browser.get(edit), browser.get(edit)
    browser.post(edit, filled(first, notes="Ensimmäinen"))

    response = browser.post(edit, filled(second, notes="Toinen"))

    assertContains(response, "Somebody has saved this since you opened it.")
    assertContains(response, "<td>Ensimmäinen</td>", html=True)
    assertContains(response, "<td>Toinen</td>", html=True)
    session.refresh_from_db()
    assert session.notes == "Ensimmäinen"

    browser.post(edit, filled(response))

    session.refresh_from_db()
    assert session.notes == "Toinen"


def test_session_list_shows_only_the_counsellors_own(browser, counsellor, organisation, service):
    mine = GuidanceSessionFactory(guidance_service=service, counsellor=counsellor)
    colleagues = GuidanceSessionFactory(organisation=organisation)

    response = browser.get(LIST)

    assertContains(response, mine.client.name)
    assertNotContains(response, colleagues.client.name)


def test_session_list_is_narrowed_to_the_last_day_inclusive(browser, counsellor, service):
    own = {"guidance_service": service, "counsellor": counsellor}
    day = timezone.localdate() - timedelta(days=10)
    inside = GuidanceSessionFactory(held_on=day, **own)
    before = GuidanceSessionFactory(held_on=day - timedelta(days=1), **own)
    after = GuidanceSessionFactory(held_on=day + timedelta(days=1), **own)

    response = browser.get(LIST, {"since": day.isoformat(), "until": day.isoformat()})

    assertContains(response, inside.client.name)
    assertNotContains(response, before.client.name)
    assertNotContains(response, after.client.name)


@pytest.mark.parametrize("count", [1, 3])
def test_session_list_costs_the_same_for_any_number_of_rows(
    browser, counsellor, service, count, django_assert_max_num_queries
):
    GuidanceSessionFactory.create_batch(count, guidance_service=service, counsellor=counsellor)
    browser.get(LIST)

    with django_assert_max_num_queries(10):
        browser.get(LIST)


def test_session_form_is_there_again_after_an_expired_sign_in(browser, counsellor, appointment):
    page = browser.get(log_page(appointment))
    sent = filled(page, notes="Kirjoitin pitkään.", _owner=page.context["form_owner"])
    browser.logout()

    browser.post(log_page(appointment), sent)
    browser.force_login(counsellor)
    again = browser.get(log_page(appointment))

    assert not GuidanceSession.objects.exists()
    assertContains(page, 'name="_owner"')
    assertContains(again, "Kirjoitin pitkään.")
    assertNotContains(again, "error-summary")
