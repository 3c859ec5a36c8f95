"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.booking import (
    actions,
    call_backs,
    holds,
    invitations,
    links,
    notebooks,
    registrations,
    retention,
    waiting,
)
from guidance.booking.exports.hsds import packages


@app.task(name="booking.send_links")
def send_links(mark: str, language: str) -> None:
    """Once for each asking. The mark stands for an address, which is not written in the queue."""
    links.send_links(mark, language=language)


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


@app.periodic(cron="* * * * *")
@app.task(name="booking.pass_on", queueing_lock="booking.pass_on")
def pass_on(timestamp: int) -> None:
    """Every minute: what became free goes to whoever waits for it."""
    waiting.pass_on()


@app.periodic(cron="*/10 * * * *")
@app.task(name="booking.decline_unanswered", queueing_lock="booking.decline_unanswered")
def decline_unanswered(timestamp: int) -> None:
    """Every ten minutes: requests that nobody has answered in time."""
    actions.decline_unanswered()


@app.task(name="booking.offer_freed_time")
def offer_freed_time() -> None:
    """At once when an appointment was cancelled or moved, before somebody else sees its time."""
    waiting.pass_on()


@app.periodic(cron="50 0 * * *")
@app.task(name="booking.close_waiting", queueing_lock="booking.close_waiting")
def close_waiting(timestamp: int) -> None:
    """Every night."""
    waiting.close_ended()
    call_backs.erase_old()
    invitations.erase_old()


@app.periodic(cron="50 * * * *")
@app.task(name="booking.make_packages", queueing_lock="booking.make_packages", lock="booking.make_packages")
def make_packages(timestamp: int) -> None:
    """Every hour, when content has changed: the open data as files."""
    packages.make_changed()


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


@app.periodic(cron="47 0 * * *")
@app.task(name="booking.erase_old_appointments", queueing_lock="booking.erase_old_appointments")
def erase_old_appointments(timestamp: int) -> None:
    """Every night: whom counsellors met long ago."""
    retention.erase_old_appointments()
