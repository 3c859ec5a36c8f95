"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.booking import holds, notebooks


@app.periodic(cron="40 0 * * *")
@app.task(name="booking.erase_unused_notebooks", queueing_lock="booking.erase_unused_notebooks")
def erase_unused_notebooks(timestamp: int) -> None:
    """Every night."""
    notebooks.erase_unused()


@app.periodic(cron="*/10 * * * *")
@app.task(name="booking.sweep_holds", queueing_lock="booking.sweep_holds")
def sweep_holds(timestamp: int) -> None:
    """Every ten minutes; a hold that has run out is in nobody's way before that either."""
    holds.sweep()
