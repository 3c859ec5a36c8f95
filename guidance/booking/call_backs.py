"""Ask to be called, and note that one was."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from guidance.booking.models import CallBackRequest
from opinovi.models import User

KEPT = timedelta(days=30)  # after the answer
LONGEST = timedelta(days=180)  # for one that nobody answered


def ask(request: CallBackRequest) -> CallBackRequest:
    """Keep a new request. Returns it, or the one that the same form made before (it carries a nonce)."""
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError:
        return CallBackRequest.objects.get(nonce=request.nonce)
    return request


def note_answer(request: CallBackRequest, *, by: User) -> bool:
    """Note that the person was called; whether it was this call that did it, and not a colleague's."""
    return bool(
        CallBackRequest.objects.open().filter(pk=request.pk).update(done_at=timezone.now(), done_by=by)
    )


def reopen(request: CallBackRequest) -> None:
    """Take the note back, as after a slip of the finger."""
    CallBackRequest.objects.filter(pk=request.pk).update(done_at=None, done_by=None)


def erase_old() -> None:
    """Erase requests a month after their answer, and those nobody answered after half a year."""
    now = timezone.now()
    CallBackRequest.objects.done().filter(done_at__lt=now - KEPT).delete()
    CallBackRequest.objects.open().filter(created_at__lt=now - LONGEST).delete()
