"""The worker's jobs."""

from procrastinate.contrib.django import app

from guidance.catalogue.imports import uploads


@app.periodic(cron="40 4 * * *")
@app.task(name="catalogue.forget_uploads", queueing_lock="catalogue.forget_uploads")
def forget_uploads(timestamp: int) -> None:
    """Every night: files that were sent for an import and never written."""
    uploads.forget_old_uploads()
