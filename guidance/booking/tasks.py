"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.booking import notebooks
from guidance.booking.exports.hsds import packages


@app.periodic(cron="40 0 * * *")
@app.task(name="booking.erase_unused_notebooks", queueing_lock="booking.erase_unused_notebooks")
def erase_unused_notebooks(timestamp: int) -> None:
    """Every night."""
    notebooks.erase_unused()


@app.periodic(cron="50 * * * *")
@app.task(name="booking.make_packages", queueing_lock="booking.make_packages", lock="booking.make_packages")
def make_packages(timestamp: int) -> None:
    """Every hour, when content has changed: the open data as files."""
    packages.make_changed()
