"""Send a letter once, record who read what about a person."""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app as jobs

from opinovi import mail
from opinovi.models import AccessEvent, Letter

LETTERS_A_SWEEP = 500

logger = logging.getLogger(__name__)


def post_letter(
    *,
    key: str,
    kind: str,
    recipient: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    about: models.Model | None = None,
    due_at: datetime | None = None,
    calendar: str = "",
    headers: Mapping[str, str] | None = None,
) -> None:
    """Write a letter in the caller's transaction; it leaves by itself once that is committed.

    `key` says what the letter is for, such as `appointment-7-booked-0`: a second one with the same key
    is not written. `template` names three files,
    `templates/<template>.subject.txt`, `.txt` and `.html`; for `booking/letters/appointment_booked` the
    first is `templates/booking/letters/appointment_booked.subject.txt`. They are filled in the recipient's
    language. `.txt` and `.html` know the context and `portal_url`, the portal's address without a slash:
    `{{ portal_url }}{% url … %}` is a whole link. The subject knows nothing at all, so that nothing about a
    person can stand in it. `about` is the row that caused the letter. `due_at` (UTC) is now, unless
    given. `calendar` is the text of an iCalendar object, whose METHOD decides how mail programs show it.
    `headers` are further headers of the e-mail, such as List-Unsubscribe.
    """
    known = {**context, "portal_url": settings.ADDRESS}
    with override(language):
        subject = " ".join(_plain(f"{template}.subject.txt", {}).split())
        text = _plain(f"{template}.txt", known).strip() + "\n"
        html = render_to_string(f"{template}.html", known).strip()
    written = Letter(
        key=key,
        kind=kind,
        recipient=recipient,
        language=language,
        subject=subject,
        text=text,
        html=html,
        calendar=calendar,
        headers=dict(headers or {}),
        about=about,
        due_at=due_at or timezone.now(),
    )
    with transaction.atomic(savepoint=False):
        Letter.objects.bulk_create([written], ignore_conflicts=True)
        if not written.is_due:
            return  # the sweep finds it
        letter = Letter.objects.get(key=key)
        if letter.created_at == written.created_at:  # no other had the key
            jobs.configure_task("opinovi.send_letter").defer(letter=letter.pk)


def _plain(template: str, context: dict[str, Any]) -> str:
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))


def cancel_letters(about: models.Model, kinds: Collection[str] | None = None) -> int:
    """Keep letters that something has caused from leaving; all of them, unless kinds are given.

    Returns how many. One that is on its way at this very moment is not waited for.
    """
    waiting = Letter.objects.about(about).queued().select_for_update(skip_locked=True)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    with transaction.atomic():
        letters = list(waiting)
        for letter in letters:
            letter.cancel()
        Letter.objects.bulk_update(letters, ["state", "text", "html", "calendar", "headers"])
    return len(letters)


def forget_letters(about: models.Model) -> None:
    """Erase what was written about something that goes, with the addresses; what waits does not leave.

    One that is on its way at this very moment is not waited for; `forget_orphaned_letters` finds it.
    """
    letters = Letter.objects.about(about).select_for_update(skip_locked=True)
    with transaction.atomic():
        Letter.objects.filter(pk__in=[letter.pk for letter in letters]).delete()


def forget_orphaned_letters(model: type[models.Model]) -> None:
    """Erase letters whose cause, a row of the model, is there no more."""
    kind = ContentType.objects.get_for_model(model)
    there = model._default_manager.filter(pk=OuterRef("subject_id"))
    Letter.objects.filter(~Exists(there), subject_type=kind).delete()


def send_letter(pk: int) -> bool:
    """Send a letter that is due, unless another worker has it in hand.

    Returns whether a mail server could be reached. The row is locked until the server's answer is
    written down, so that two workers never send one letter. If this process dies before the server has
    the letter, the next one sends it; if it dies in the moment between the server's answer and the
    commit, the next one sends it again under the same Message-ID: twice rather than never.
    """
    with transaction.atomic():
        letter = Letter.objects.due().select_for_update(skip_locked=True).filter(pk=pk).first()
        if letter is None:
            return True
        reached = True
        try:
            mail.hand_over(letter)
        except mail.Refused as reason:
            letter.fail(str(reason))
        except mail.Delayed as reason:
            letter.delay(str(reason))
            reached = not isinstance(reason, mail.Unreachable)
        except Exception:  # a fault of ours must stop this letter, not the others
            logger.exception("letter could not be written")
            letter.delay("The portal could not write the letter.")
        else:
            letter.mark_sent()
        letter.save(
            update_fields=[
                "state", "attempts", "error", "due_at", "sent_at", "text", "html", "calendar", "headers"
            ]
        )  # fmt: skip
    logger.info("letter", extra={"facts": {"letter": letter.pk, "kind": letter.kind, "state": letter.state}})
    return reached


def send_due_letters() -> None:
    """Send what is due and has not left by a job of its own; stop when no mail server answers."""
    due = Letter.objects.due().order_by("due_at", "pk").values_list("pk", flat=True)[:LETTERS_A_SWEEP]
    for pk in list(due):
        if not send_letter(pk):
            return


def resend_letters(letters: Iterable[Letter]) -> int:
    """Try failed letters from the beginning, as after a correction of the address. Returns how many."""
    failed = Letter.objects.failed().filter(pk__in=[letter.pk for letter in letters]).exclude(text="")
    return failed.update(state=Letter.State.QUEUED, attempts=0, error="", due_at=timezone.now())


def record_access(
    request: HttpRequest, subject: models.Model, *, action: AccessEvent.Action, reason: str = ""
) -> None:
    """Write down that the reader of this page read or changed a person's record."""
    record_accesses(request, [subject], action=action, reason=reason)


def record_accesses(
    request: HttpRequest, subjects: Iterable[models.Model], *, action: AccessEvent.Action, reason: str = ""
) -> None:
    """The same for a page that shows several people, in one query.

    Somebody who is not signed in is there by the private link of the record itself.
    """
    at = timezone.now()
    user = request.user if request.user.is_authenticated else None
    page = request.resolver_match.view_name if request.resolver_match else ""
    AccessEvent.objects.bulk_create(
        AccessEvent(at=at, user=user, action=action, page=page, reason=reason, about=subject)
        for subject in subjects
    )


def record_list(request: HttpRequest, shown: Iterable[models.Model | None]) -> None:
    """Record that people stood in a list.

    A list is recorded once a day (local) for each person, reader and page: a counsellor opens the day's
    list dozens of times, and the trail stays readable. A page about one person is recorded each time.
    """
    rows = {(type(row), row.pk): row for row in shown if row is not None}
    if not rows or request.resolver_match is None:
        return
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = AccessEvent.objects.filter(
        user=request.user.pk, at__gte=today, page=request.resolver_match.view_name
    ).values_list("subject_type", "subject_id")
    known = set(seen)
    kinds = {kind: ContentType.objects.get_for_model(kind).pk for kind, _pk in rows}
    new = [row for (kind, pk), row in rows.items() if (kinds[kind], pk) not in known]
    if new:
        record_accesses(request, new, action=AccessEvent.Action.READ)
