"""Send a letter once, record who read what about a person."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django import app as jobs

from opinovi import mail, sms
from opinovi.delivery import Carrier, Delayed, Refused, Unreachable
from opinovi.models import AccessEvent, Letter

LETTERS_A_SWEEP = 500
LETTERS_A_JOB = 50

logger = logging.getLogger(__name__)


def post_letter(**words: Any) -> None:
    """Write a letter in the caller's transaction; it leaves by itself once that is committed.

    The words are those of `written_letter`. A second letter with the same key is not written.
    """
    post_letters([written_letter(**words)])


def post_letters(letters: Sequence[Letter]) -> None:
    """Write letters that `written_letter` made, all at once; see `post_letter`."""
    if not letters:
        return
    due = {letter.key: letter.created_at for letter in letters if letter.is_due}
    with transaction.atomic(savepoint=False):
        Letter.objects.bulk_create(letters, ignore_conflicts=True)
        if not due:
            return  # the sweep finds them
        for pk, key, created_at in Letter.objects.filter(key__in=due).values_list("pk", "key", "created_at"):
            if created_at == due[key]:  # no other had the key
                jobs.configure_task("opinovi.send_letter").defer(letter=pk)


def written_letter(
    *,
    key: str,
    kind: str,
    recipient: str,
    language: str,
    template: str,
    context: Mapping[str, Any],
    about: models.Model | None = None,
    due_at: datetime | None = None,
    not_after: datetime | None = None,
    hours: tuple[int, int] | None = None,
    medium: Letter.Medium = Letter.Medium.EMAIL,
    calendar: str = "",
    headers: Mapping[str, str] | None = None,
) -> Letter:
    """A letter as it will leave, not saved yet: `post_letters` does that.

    `key` says what the letter is for, such as `appointment-7-booked-0`: nothing has two. `template` names
    three files, `templates/<template>.subject.txt`, `.txt` and `.html`; for `booking/letters/notebook_copy`
    the first is `templates/booking/letters/notebook_copy.subject.txt`. They are filled in the recipient's
    language. `.txt` and `.html` know the context and `portal_url`, the portal's address without a slash:
    `{{ portal_url }}{% url … %}` is a whole link. The subject knows nothing at all, so that nothing about a
    person can stand in it. `about` is the row that caused the letter. `due_at` (UTC) is now, unless given; a
    letter with `hours`, such as `(9, 17)`, waits for the next moment between them (local). One that has not
    left by `not_after` (UTC), or could not, is cancelled. `calendar` is the text of an iCalendar object,
    whose METHOD decides how mail programs show it. `headers` are further headers of the e-mail, such as
    List-Unsubscribe.

    A text message (`medium`) has one file, `<template>.sms.txt`, and goes to a number like `+358401234567`.
    """
    first_hour, last_hour = hours or (None, None)
    letter = Letter(
        key=key,
        kind=kind,
        medium=medium,
        recipient=recipient,
        language=language,
        calendar=calendar,
        headers=dict(headers or {}),
        about=about,
        not_after=not_after,
        first_hour=first_hour,
        last_hour=last_hour,
    )
    _fill_in(letter, template, {**context, "portal_url": settings.ADDRESS})
    letter.schedule(due_at or timezone.now())
    return letter


def _fill_in(letter: Letter, template: str, known: dict[str, Any]) -> None:
    """Write what the letter says in its own language."""
    with override(letter.language):
        if letter.medium == Letter.Medium.SMS:
            letter.text = sms.in_short(_plain(f"{template}.sms.txt", known))
            return
        letter.subject = " ".join(_plain(f"{template}.subject.txt", {}).split())
        letter.text = _plain(f"{template}.txt", known).strip() + "\n"
        letter.html = render_to_string(f"{template}.html", known).strip()


def _plain(template: str, context: dict[str, Any]) -> str:
    return Engine.get_default().get_template(template).render(Context(context, autoescape=False))


def cancel_letters(about: models.Model, kinds: Collection[str] | None = None) -> int:
    """Keep letters that something has caused from leaving; all of them, unless kinds are given.

    Returns how many. One that failed needs nobody's care any more either. One that is on its way at this
    very moment is not waited for.
    """
    waiting = Letter.objects.about(about).unsent().select_for_update(skip_locked=True)
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    with transaction.atomic():
        letters = list(waiting)
        for letter in letters:
            letter.cancel()
        Letter.objects.bulk_update(letters, ["state", "error", "text", "html", "calendar", "headers"])
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


def send_letter(pk: int) -> None:
    """Send a letter that is due, unless another worker has it in hand, and what else is due on the same line.

    When many letters are written at once, the first jobs take them over a few connections, and the jobs of
    the others find nothing left to do.
    """
    with _carriers() as carriers:
        silent: set[str] = set()
        _send_first(Letter.objects.due().filter(pk=pk), carriers, silent)
        _send_due(carriers, silent, most=LETTERS_A_JOB)


def send_due_letters() -> None:
    """Send what is due and has not left by a job of its own; no more of a medium that reaches nobody."""
    with _carriers() as carriers:
        _send_due(carriers, set(), most=LETTERS_A_SWEEP)


@contextmanager
def _carriers() -> Iterator[Mapping[str, Carrier]]:
    with closing(mail.MailCarrier()) as by_mail:
        yield {Letter.Medium.EMAIL: by_mail, Letter.Medium.SMS: sms.carrier()}


def _send_due(carriers: Mapping[str, Carrier], silent: set[str], *, most: int) -> None:
    for _number in range(most):
        due = Letter.objects.due().exclude(medium__in=silent).order_by("due_at", "pk")
        if not _send_first(due, carriers, silent):
            return


def _send_first(letters: QuerySet[Letter], carriers: Mapping[str, Carrier], silent: set[str]) -> bool:
    """Send the first of the letters that no other worker has in hand. Returns whether there was one.

    The row is locked until the answer is written down, so that two workers never send one letter. If this
    process dies before the letter is taken, the next one sends it; if it dies in the moment between the
    answer and the commit, the next one sends it again under the same Message-ID: twice rather than never.
    A medium that reached nobody is added to `silent`.
    """
    with transaction.atomic():
        letter = letters.select_for_update(skip_locked=True).first()
        if letter is None:
            return False
        if letter.may_leave():
            _hand_over(letter, carriers[letter.medium], silent)
        else:
            letter.schedule(timezone.now())
        letter.save(
            update_fields=[
                "state", "attempts", "error", "due_at", "sent_at", "text", "html", "calendar", "headers"
            ]
        )  # fmt: skip
    logger.info("letter", extra={"facts": {"letter": letter.pk, "kind": letter.kind, "state": letter.state}})
    return True


def _hand_over(letter: Letter, carrier: Carrier, silent: set[str]) -> None:
    """Try once, and note in the letter what came of it."""
    try:
        carrier.hand_over(letter)
    except Refused as reason:
        letter.fail(str(reason))
    except Delayed as reason:
        letter.delay(str(reason))
        if isinstance(reason, Unreachable):
            silent.add(letter.medium)
    except Exception:  # a fault of ours must stop this letter, not the others
        logger.exception("letter could not be written")
        letter.delay("The portal could not write the letter.")
    else:
        letter.mark_sent()


def note_bounce(pk: int, code: str) -> bool:
    """Write down that a letter came back, with the code (RFC 3463) that says why.

    Returns whether there is such a letter that was believed to have arrived.
    """
    with transaction.atomic():
        sent = Letter.objects.filter(state=Letter.State.SENT).select_for_update()
        letter = sent.filter(pk=pk).first()
        if letter is None:
            return False
        letter.bounce(f"It came back ({code}).")
        letter.save(update_fields=["state", "sent_at", "error"])
    logger.info("letter", extra={"facts": {"letter": letter.pk, "kind": letter.kind, "state": "bounced"}})
    return True


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
