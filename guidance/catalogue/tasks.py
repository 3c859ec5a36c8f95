"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.catalogue import alerts


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
