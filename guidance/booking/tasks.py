"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.booking import notebooks


@app.periodic(cron="40 0 * * *")
@app.task(name="booking.erase_unused_notebooks", queueing_lock="booking.erase_unused_notebooks")
def erase_unused_notebooks(timestamp: int) -> None:
    """Every night."""
    notebooks.erase_unused()
