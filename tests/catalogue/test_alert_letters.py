"""Letters of alerts on a real mail server, and many hands at one alert."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parseaddr
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser
from django.utils import timezone

from guidance.catalogue import alerts, followed
from guidance.catalogue.models import Alert, Find, FollowedSearch
from opinovi.actions import cancel_letters, send_due_letters
from opinovi.models import Letter
from tests.factories import AlertFactory, FollowedSearchFactory, OrganisationFactory, TrainingOptionFactory
from tests.mail_server import running_mail_server


@pytest.fixture
def server(settings):
    with running_mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.KEEP_SENT_LETTERS = False
        yield running


def look_yesterday():
    FollowedSearch.objects.update(checked_at=timezone.now() - timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_letter_carries_the_headers_of_one_click_and_they_work(server, language):
    """RFC 8058: both headers, an https address in earnest, and a POST without cookies that stops."""
    AlertFactory(search=FollowedSearchFactory(language=language), email="aino@example.fi")
    TrainingOptionFactory(name_fi="Kokki")
    look_yesterday()
    alerts.tell()

    send_due_letters()

    (letter,) = server.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = re.fullmatch(r"<http://127\.0\.0\.1:8000(/\S+)>", letter["List-Unsubscribe"].strip())
    assert parseaddr(letter["To"])[1] == "aino@example.fi"
    assert "aino" not in letter["Subject"] + letter["List-Unsubscribe"]
    assert [part.get_content_type() for part in letter.walk()][1:] == ["text/plain", "text/html"]
    assert all("Kokki" in part.get_content() for part in list(letter.walk())[1:])
    program = Browser(enforce_csrf_checks=True)
    assert program.post(way_out[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Alert.objects.count() == 0


@pytest.mark.django_db
def test_sent_letter_forgets_its_headers(server):
    AlertFactory()
    TrainingOptionFactory()
    look_yesterday()
    alerts.tell()
    assert "List-Unsubscribe" in Letter.objects.get().headers

    send_due_letters()

    assert Letter.objects.get().headers == {}


@pytest.mark.django_db
def test_cancelled_letter_forgets_its_headers(settings):
    settings.KEEP_SENT_LETTERS = False
    alert = AlertFactory()
    TrainingOptionFactory()
    look_yesterday()
    alerts.tell()

    cancel_letters(alert)

    assert Letter.objects.get().headers == {}


def at_once(*acts):
    """What each of the acts gave, begun together on connections of their own."""
    together = Barrier(len(acts))

    def begin(act):
        try:
            together.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def ask():
    alerts.ask(source="training", query="q=cook", language="en", email="aino@example.fi", rhythm="daily")


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_the_same_at_once_make_one_alert_and_one_letter():
    at_once(*[ask] * 6)

    assert (FollowedSearch.objects.count(), Alert.objects.count(), Letter.objects.count()) == (1, 1, 1)


@pytest.mark.django_db(transaction=True)
def test_workers_that_run_at_once_tell_once():
    owner = OrganisationFactory()
    for query in ("", "", "q=kokki", "q=kokki"):
        AlertFactory(search=FollowedSearchFactory(query=query))
    TrainingOptionFactory.create_batch(3, provider=owner, name_fi="Kokki")
    look_yesterday()

    at_once(*[alerts.tell] * 4)

    assert Letter.objects.count() == 4
    assert Find.objects.count() == 6
    assert set(Alert.objects.values_list("letters", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_stopping_while_a_worker_tells_leaves_no_address():
    for _number in range(5):
        AlertFactory()
    TrainingOptionFactory()
    look_yesterday()
    all_alerts = list(Alert.objects.all())

    at_once(alerts.tell, *[lambda alert=alert: alerts.stop(alert) for alert in all_alerts])
    alerts.forget()

    assert (Alert.objects.count(), Letter.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_address_follows_a_search_once():
    alert = AlertFactory()

    with pytest.raises(IntegrityError, match="alert_once_for_an_address"), transaction.atomic():
        AlertFactory(search=alert.search, email=alert.email)


@pytest.mark.django_db
def test_confirmed_alert_has_its_dates():
    with pytest.raises(IntegrityError, match="alert_confirmed_has_its_dates"), transaction.atomic():
        AlertFactory(due_on=None)


@pytest.mark.django_db
def test_row_is_found_once():
    search = FollowedSearchFactory()
    Find.objects.create(search=search, row=1, found_at=timezone.now())

    with pytest.raises(IntegrityError, match="find_once"), transaction.atomic():
        Find.objects.create(search=search, row=1, found_at=timezone.now())


@pytest.mark.django_db
def test_search_is_one_row():
    FollowedSearchFactory(query="q=cook")

    with pytest.raises(IntegrityError, match="followed_search_once"), transaction.atomic():
        FollowedSearch.objects.create(source="training", language="en", query="q=cook")


@pytest.mark.django_db
def test_looking_again_costs_the_same_however_many_are_known():
    search = followed.asked_for("training", "", "en")
    TrainingOptionFactory.create_batch(30, provider=OrganisationFactory())

    followed.look(search.pk)
    followed.look(search.pk)

    search.refresh_from_db()
    assert (len(search.known), search.finds.count()) == (30, 30)
