"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.catalogue import actions, alerts
from guidance.catalogue.imports import uploads


@app.periodic(cron="5 0 * * *")
@app.task(name="catalogue.take_up_next_rounds", queueing_lock="catalogue.take_up_next_rounds")
def take_up_next_rounds(timestamp: int) -> None:
    """Every night, when rounds have ended."""
    actions.take_up_next_rounds()


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
