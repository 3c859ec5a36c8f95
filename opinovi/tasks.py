"""The worker's jobs. Their arguments are numbers of rows: they are logged, and stay in the queue's tables."""

from django.contrib.sessions.backends.db import SessionStore
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from opinovi import actions

KEEP_JOBS = 30 * 24  # hours that a failed job can be looked at


@app.task(name="opinovi.send_letter")
def send_letter(letter: int) -> None:
    actions.send_letter(letter)


@app.periodic(cron="* * * * *")
@app.task(name="opinovi.send_due_letters", queueing_lock="opinovi.send_due_letters")
def send_due_letters(timestamp: int) -> None:
    """Every minute: no letter depends on its own job alone."""
    actions.send_due_letters()


@app.periodic(cron="*/10 * * * *")
@app.task(name="opinovi.tidy_jobs", queueing_lock="opinovi.tidy_jobs")
async def tidy_jobs(timestamp: int) -> None:
    """Give jobs of a worker that died to another one, and forget old ones."""
    for job in await app.job_manager.get_stalled_jobs():
        if job.queueing_lock:  # it comes again by the clock, and may not be in the queue twice
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        else:
            await app.job_manager.retry_job(job)
    await app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="opinovi.forget_sessions", queueing_lock="opinovi.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Erase sessions that have run out, and with them the forms nobody came back for."""
    SessionStore.clear_expired()
