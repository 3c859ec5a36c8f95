"""The worker's jobs."""

from django.conf import settings
from procrastinate.contrib.django import app

from guidance.catalogue import actions, alerts, checks
from guidance.catalogue.imports import uploads
from guidance.catalogue.links import checking
from guidance.catalogue.quality import scoring


@app.periodic(cron="5 0 * * *")
@app.task(name="catalogue.take_up_next_rounds", queueing_lock="catalogue.take_up_next_rounds")
def take_up_next_rounds(timestamp: int) -> None:
    """Every night, when rounds have ended."""
    actions.take_up_next_rounds()


@app.task(name="catalogue.read_import")
def read_import(run: int) -> None:
    uploads.read_files(run)


@app.periodic(cron="40 4 * * *")
@app.task(name="catalogue.forget_uploads", queueing_lock="catalogue.forget_uploads")
def forget_uploads(timestamp: int) -> None:
    """Every night: files that were sent for an import and never written."""
    uploads.forget_old_uploads()


@app.periodic(cron="20 4-8 * * *")
@app.task(name="catalogue.tell_of_finds", queueing_lock="catalogue.tell_of_finds")
def tell_of_finds(timestamp: int) -> None:
    """Every morning, several times: the second finishes what a worker that died has left, or does nothing."""
    alerts.tell()


@app.periodic(cron="50 0 * * *")
@app.task(name="catalogue.forget_alerts", queueing_lock="catalogue.forget_alerts")
def forget_alerts(timestamp: int) -> None:
    """Every night."""
    alerts.forget()


@app.periodic(cron="0 1 * * *")
@app.task(name="catalogue.check_links", queueing_lock="catalogue.check_links", lock="catalogue.check_links")
def check_links(timestamp: int) -> None:
    """Every night, where OPINOVI_CHECK_LINKS says so; an hour at most."""
    if settings.CHECK_LINKS:
        checking.check_links()


@app.periodic(cron="0 3 * * *")
@app.task(name="catalogue.measure_all", queueing_lock="catalogue.measure_all", lock="catalogue.measure")
def measure_all(timestamp: int) -> None:
    """Every night, when the links have been looked at."""
    scoring.refresh_all()


@app.periodic(cron="7-59/10 * * * *")
@app.task(
    name="catalogue.measure_changed", queueing_lock="catalogue.measure_changed", lock="catalogue.measure"
)
def measure_changed(timestamp: int) -> None:
    """Every ten minutes: what an import, the admin or another page of the office has saved."""
    scoring.refresh_changed()


@app.periodic(cron="30 5 * * 1-5")
@app.task(
    name="catalogue.ask_organisations",
    queueing_lock="catalogue.ask_organisations",
    lock="catalogue.ask_organisations",
)
def ask_organisations(timestamp: int) -> None:
    """Every weekday morning; an organisation hears from us once a month at most."""
    checks.ask_organisations()
