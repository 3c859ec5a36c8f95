"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.booking import notebooks, registrations, retention


@app.periodic(cron="40 0 * * *")
@app.task(name="booking.erase_unused_notebooks", queueing_lock="booking.erase_unused_notebooks")
def erase_unused_notebooks(timestamp: int) -> None:
    """Every night."""
    notebooks.erase_unused()


@app.periodic(cron="* * * * *")
@app.task(name="booking.settle_waiting_lists", queueing_lock="booking.settle_waiting_lists")
def settle_waiting_lists(timestamp: int) -> None:
    """Every minute: offers that ran out are passed on, places that are free are offered."""
    registrations.settle_all()


@app.periodic(cron="45 0 * * *")
@app.task(name="booking.erase_old_registrations", queueing_lock="booking.erase_old_registrations")
def erase_old_registrations(timestamp: int) -> None:
    """Every night: whose registrations of long ago they were."""
    retention.erase_old_registrations()
