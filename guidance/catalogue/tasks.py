"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.catalogue import actions


@app.periodic(cron="5 0 * * *")
@app.task(name="catalogue.take_up_next_rounds", queueing_lock="catalogue.take_up_next_rounds")
def take_up_next_rounds(timestamp: int) -> None:
    """Every night, when rounds have ended."""
    actions.take_up_next_rounds()
