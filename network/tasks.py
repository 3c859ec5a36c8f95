"""The worker's jobs."""

from procrastinate.contrib.django import app

from network.actions import partners
from network.search import rebuild


@app.periodic(cron="0 5 * * *")
@app.task(name="network.remind_of_agreements", queueing_lock="network.remind_of_agreements")
def remind_of_agreements(timestamp: int) -> None:
    """Every morning."""
    partners.remind_of_agreements()


@app.periodic(cron="30 3 * * *")
@app.task(name="network.refresh_search", queueing_lock="network.refresh_search")
def refresh_search(timestamp: int) -> None:
    """Every night: renew the vocabulary, and the terms of rows that were changed past Django."""
    rebuild.rebuild()
