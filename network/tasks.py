"""The worker's jobs."""

from procrastinate.contrib.django import app

from network.actions import partners


@app.periodic(cron="0 5 * * *")
@app.task(name="network.remind_of_agreements", queueing_lock="network.remind_of_agreements")
def remind_of_agreements(timestamp: int) -> None:
    """Every morning."""
    partners.remind_of_agreements()
