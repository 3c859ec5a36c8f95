"""Django's admin: every table opens for a superuser and for nobody else."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from opinovi.models import User
from tests.factories import (
    AffiliationFactory,
    GroupSessionFactory,
    GuidanceServiceFactory,
    InvitationFactory,
    NetworkMembershipFactory,
    RouteStopFactory,
    TrainingOptionFactory,
    UserFactory,
)

OURS = ("opinovi", "network", "projects", "catalogue", "booking")
MODELS = [
    model
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    if admin.site.is_registered(model)
]

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser(browser):
    """A superuser, signed in on `browser`."""
    user = User.objects.create_superuser("ylin@example.fi", "x", name="Ylin")
    browser.force_login(user)
    return user


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_opens_for_a_superuser(browser, superuser, model):
    for factory in (
        AffiliationFactory,
        InvitationFactory,
        RouteStopFactory,
        NetworkMembershipFactory,
        GuidanceServiceFactory,
        TrainingOptionFactory,
        GroupSessionFactory,
    ):
        factory()

    assert browser.get(address(model, "changelist"), {"q": "a"}).status_code == 200
    assert browser.get(address(model, "add")).status_code in {200, 403}
    for row in model.objects.all()[:1]:
        assert browser.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_table_opens_for_an_administrator_of_the_portal(browser, administrator, model):
    assert browser.get(address(model, "changelist"), follow=True).status_code == 403


def test_an_address_is_not_changed_here(browser, superuser):
    person = UserFactory(email="vanha@example.fi")

    browser.post(
        address(User, "change", person.pk), {"name": "Uusi", "email": "uusi@example.fi", "language": "fi"}
    )

    person.refresh_from_db()
    assert (person.name, person.email) == ("Uusi", "vanha@example.fi")
