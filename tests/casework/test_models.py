from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from guidance.casework.models import Client, GuidanceSession
from tests.factories import AffiliationFactory, ClientFactory, GuidanceSessionFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words",
    ["O'Brien-Äijälä", "obrien aijala", "äijälä sari", "SARI O’BRIEN", "brien", "Äij", "sari  o'brien-"],
)
def test_client_is_found_however_the_name_is_typed(words):
    client = ClientFactory(name="Sari O'Brien-Äijälä")
    ClientFactory(name="Sari Brander")

    found = Client.objects.named(words)

    assert list(found) == [client]


def test_named_finds_no_one_by_a_wildcard():
    ClientFactory(name="Sari Esimerkki")

    assert not Client.objects.named("%").exists()
    assert not Client.objects.named("S_ri").exists()


def test_clients_sort_as_a_finn_looks_for_them():
    names = ["Örjan Ek", "Zeus Ek", "Åke Ek", "aino ek", "Ägot Ek", "Walter Ek", "Virpi Ek"]
    for name in names:
        ClientFactory(name=name)

    sorted_names = list(Client.objects.by_name().values_list("name", flat=True))

    assert sorted_names == ["aino ek", "Virpi Ek", "Walter Ek", "Zeus Ek", "Åke Ek", "Ägot Ek", "Örjan Ek"]


@pytest.mark.parametrize(
    "asked",
    [
        {"email": "AINO@example.fi"},
        {"phone": "040 1234567"},
        {"email": "x@example.fi", "phone": "0401234567"},
    ],
)
def test_reached_by_knows_the_address_and_the_number(asked):
    client = ClientFactory(email="aino@example.fi", phone="+358 40 123-4567")
    ClientFactory(email="toinen@example.fi", phone="+358 50 765 4321")
    ClientFactory()

    assert list(Client.objects.reached_by(**asked)) == [client]


def test_reached_by_nothing_finds_nobody():
    ClientFactory()

    assert not Client.objects.reached_by(email="", phone="").exists()


def test_client_is_cleaned_of_what_nobody_meant():
    client = ClientFactory.build(
        organisation=OrganisationFactory(), name="  Aino   A\u0308ijä ", email="Aino@Example.FI"
    )

    client.full_clean()

    assert (client.name, client.email) == ("Aino Äijä", "aino@example.fi")


def test_rows_of_an_ended_affiliation_are_gone_at_once():
    today = timezone.localdate()
    affiliation = AffiliationFactory(since=today - timedelta(days=30))
    client = ClientFactory(organisation=affiliation.organisation)
    session = GuidanceSessionFactory(organisation=affiliation.organisation, client=client)

    affiliation.until = today - timedelta(days=1)
    affiliation.save()

    assert not Client.objects.visible_to(affiliation.user).exists()
    assert not GuidanceSession.objects.visible_to(affiliation.user).filter(pk=session.pk).exists()


def test_somebody_without_a_role_sees_nothing():
    session = GuidanceSessionFactory()
    coordinator = AffiliationFactory(organisation=session.organisation, role="coordinator").user

    assert not Client.objects.visible_to(coordinator).exists()
    assert not GuidanceSession.objects.visible_to(coordinator).exists()


def test_for_listing_counts_sessions_and_knows_the_last():
    client = ClientFactory()
    for day in (date(2026, 3, 1), date(2026, 5, 2)):
        GuidanceSessionFactory(organisation=client.organisation, client=client, held_on=day)
    other = ClientFactory()

    listed = {row.pk: (row.session_count, row.last_session_on) for row in Client.objects.for_listing()}

    assert listed == {client.pk: (2, date(2026, 5, 2)), other.pk: (0, None)}


@pytest.mark.parametrize(
    ("held_on", "field"),
    [(timedelta(days=1), "held_on"), (timedelta(days=-3000), "held_on")],
)
def test_session_is_held_on_a_likely_day(held_on, field):
    session = GuidanceSessionFactory()
    session.pk, session._state.adding = None, True
    session.held_on = timezone.localdate() + held_on

    with pytest.raises(ValidationError) as error:
        session.clean()

    assert list(error.value.message_dict) == [field]


def test_session_refuses_a_client_of_another_organisation():
    session = GuidanceSessionFactory()
    session.client = ClientFactory()

    with pytest.raises(ValidationError):
        session.clean()
