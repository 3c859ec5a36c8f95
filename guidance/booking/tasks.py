"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.booking import links, notebooks


@app.task(name="booking.send_links")
def send_links(mark: str, language: str) -> None:
    """Once for each asking. The mark stands for an address, which is not written in the queue."""
    links.send_links(mark, language=language)


@app.periodic(cron="40 0 * * *")
@app.task(name="booking.erase_unused_notebooks", queueing_lock="booking.erase_unused_notebooks")
def erase_unused_notebooks(timestamp: int) -> None:
    """Every night."""
    notebooks.erase_unused()
