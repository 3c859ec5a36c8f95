"""A counsellor's day: logs what was booked, counts a passer-by, finds a client, leaves nothing unlogged."""

from datetime import timedelta

import pytest
from django.utils import timezone

from guidance.casework.models import Client, GuidanceSession
from projects.models import TargetGroup
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    AreaFactory,
    ChannelFactory,
    ClientFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    ServicePointFactory,
)


@pytest.fixture
def counsellor():
    return AffiliationFactory().user


@pytest.fixture
def service(counsellor):
    service = GuidanceServiceFactory(
        organisation=counsellor.affiliations.get().organisation, name_fi="Uraohjaus aikuisille"
    )
    service.topics.add(GuidanceTopicFactory(name_fi="Alan vaihtaminen"))
    TargetGroup.objects.create(code="tyoikaiset", name_fi="Työikäiset")
    AreaFactory(name_fi="Mänttä-Vilppula")
    return service


@pytest.fixture
def meetings(counsellor, service):
    """One that is on, one that comes, and one of yesterday that is not logged."""
    point = ServicePointFactory(organisation=service.organisation)
    given = {"guidance_service": service, "counsellor": counsellor}
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "now": AppointmentFactory(
            **given,
            channel=ChannelFactory(on_site=True),
            service_point=point,
            starts_at=max(now - timedelta(minutes=5), midnight),
            name="Sari O'Brien-Äijälä-Esimerkkinen",
            email="sari@example.fi",
            wish="Haluan saada tutkinnon valmiiksi.",
            needs_interpreter=True,
            special_needs="Tulen pyörätuolilla.",
        ),
        "coming": AppointmentFactory(**given, starts_at=now + timedelta(days=2)),
        "left": AppointmentFactory(**given, starts_at=now - timedelta(days=1)),
    }


def test_counsellor_logs_the_sessions_of_a_day(
    page, press, portal, visit, sign_in, assert_accessible, counsellor, service, meetings, language
):
    desk = f"/{language}/desk"
    old = ClientFactory(organisation=service.organisation, name="Örjan Mallikas")
    sign_in(counsellor)

    visit(f"{desk}/")
    assert meetings["now"].name in page.locator("#at-hand h2").first.inner_text()
    press("a.button--next")
    assert_accessible(page)
    page.locator("#id_notes").fill("Kävimme läpi, mitä tutkinnosta puuttuu.")
    page.locator("#id_next_step").fill("Soitan oppilaitokseen.")
    press("button.button--next")

    session = GuidanceSession.objects.get()
    assert (session.appointment, session.client.name) == (meetings["now"], meetings["now"].name)
    assert session.notes == "Kävimme läpi, mitä tutkinnosta puuttuu."
    assert_accessible(page)

    visit(f"{desk}/?appointment={meetings['left'].pk}")
    press("#at-hand button[value=no_show]")
    meetings["left"].refresh_from_db()
    assert meetings["left"].attendance == "no_show"
    assert meetings["left"].name in page.locator("main").inner_text()  # one stays with them
    visit(f"{desk}/")
    assert meetings["left"].name not in page.locator(".split__side").inner_text()

    press(f".area a[href='{desk}/sessions/add/']")
    press("button.button--next")
    assert page.locator(".error-summary").is_visible()
    assert_accessible(page)
    page.locator("#id_notes").fill("Ohikulkija kysyi iltaopinnoista.")
    page.locator("#id_find").fill("orjan")
    press("button[name=search]")
    assert_accessible(page)
    assert page.locator("#id_notes").input_value() == "Ohikulkija kysyi iltaopinnoista."
    page.locator(f"input[name=person][value='{old.pk}']").check()
    press("button.button--next")
    assert_accessible(page)
    assert old.sessions.get().notes == "Ohikulkija kysyi iltaopinnoista."

    visit(f"{desk}/sessions/add/")
    page.locator("input[name=person][value=nobody]").check()
    press("button.button--next")
    assert GuidanceSession.objects.filter(client=None).count() == 1

    visit(f"{desk}/sessions/")
    assert page.locator("ul.rows > li").count() == 3
    visit(f"{desk}/colleagues/")
    visit(f"{desk}/keys/")
    assert portal.errors() == []


def test_counsellor_finds_and_corrects_a_client(
    page, press, portal, visit, sign_in, assert_accessible, counsellor, service, language
):
    desk = f"/{language}/desk"
    sign_in(counsellor)

    visit(f"{desk}/clients/add/")
    press("button.button--next")
    assert page.locator(".error-summary").is_visible()
    assert_accessible(page)
    page.locator("#id_name").fill("Sari O'Brien-Äijälä")
    press("button.button--next")
    client = Client.objects.get()
    assert_accessible(page)

    visit(f"{desk}/clients/")
    page.locator("main input[name=q]").fill("obrien äijälä")
    press("main form.search button")
    assert_accessible(page)
    press("a.row__title")
    press(f"main a[href='{desk}/clients/{client.pk}/edit/']")
    Client.objects.filter(pk=client.pk).update(phone="020 000", version=2)
    page.locator("#id_email").fill("sari@example.fi")
    press("button.button--next")
    assert "020 000" in page.locator("main table").inner_text()
    assert_accessible(page)
    press("button.button--next")

    client.refresh_from_db()
    assert client.email == "sari@example.fi"
    visit(f"{desk}/clients/{client.pk}/access/")
    assert counsellor.name in page.locator("main table").inner_text()
    assert portal.errors() == []
