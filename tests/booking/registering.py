"""Those who register for group sessions in the tests, and what a person writes into the form."""

import uuid
from datetime import date

from guidance.booking.models import Registration
from opinovi.models import Letter
from tests.factories import RegistrationFactory

EVENT = "/en/events/evening/"
SIGN_UP = f"{EVENT}sign-up/"
SENT = f"{SIGN_UP}sent/"
MONDAY = date(2026, 11, 23)
PERSON, HOST, CLOCK = (Registration.Canceller(name) for name in ("person", "host", "clock"))


def filled(**changes):
    """What a person writes into the form."""
    return {
        "nonce": str(uuid.uuid4()),
        "presence": "on_site",
        "name": "Aino Esimerkki",
        "email": "aino@example.fi",
        "phone": "",
        "spoken_language": "fi",
    } | changes


def fill(session, count=2, **values):
    return RegistrationFactory.create_batch(count, session=session, **values)


def wait(session, **values):
    return RegistrationFactory(session=session, state="waiting", **values)


def states(session):
    return [row.state for row in Registration.objects.filter(session=session).order_by("pk")]


def letters():
    return list(Letter.objects.order_by("pk").values_list("kind", "recipient"))


def page_of(registration):
    return f"/en/registrations/{registration.key}/"


def new(session, **values):
    """A registration that is not saved yet."""
    return RegistrationFactory.build(session=session, **values)
