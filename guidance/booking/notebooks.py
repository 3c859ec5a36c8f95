"""Keep things in a notebook, note, remove, send, show and erase it. Nothing here knows who the person is."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from guidance.booking.models import GroupSession, Notebook, NotebookDevice, NotebookItem, NotebookLink
from guidance.booking.models.notebook import MOST_ITEMS, Kept, today
from guidance.catalogue.models import GuidanceService, TrainingOption
from opinovi.actions import forget_letters, forget_orphaned_letters, post_letter
from opinovi.models import Letter
from opinovi.private_links import hash_of

FIELDS: dict[type[Kept], str] = {
    TrainingOption: "training",
    GuidanceService: "service",
    GroupSession: "session",
}
MOST_LINKS = 10  # that show one notebook at a time
LETTER_LINK_LASTS = timedelta(days=30)
LETTER = "notebook_copy"
MOST_LETTERS = 5  # of one notebook in a day
MOST_LETTERS_TO_ONE = 3  # to one address in a day, from any notebook
AT_ONCE = 1000  # notebooks erased in one transaction


class NotebookFull(Exception):
    """The notebook holds as many things as it can."""


class TooManyLinks(Exception):
    """As many links as there can be show the notebook already."""


class TooManyLetters(Exception):
    """The notebook was sent often enough today."""


def begin() -> tuple[Notebook, str]:
    """A new notebook and the key that the browser keeps of it."""
    with transaction.atomic():
        notebook = Notebook.objects.create()
        return notebook, add_device(notebook)


def add_device(notebook: Notebook) -> str:
    """Let one more browser open the notebook. Returns the key for its cookie."""
    key = NotebookDevice.new_key()
    NotebookDevice.objects.create(notebook=notebook, key_hash=hash_of(key))
    return key


def touch(notebook: Notebook) -> bool:
    """Note that the notebook is in use. Returns whether this is the first time today (local)."""
    return bool(Notebook.objects.filter(pk=notebook.pk, used_on__lt=today()).update(used_on=today()))


def keep(notebook: Notebook, thing: Kept) -> bool:
    """Keep a thing, with the note it had if it was removed a moment ago.

    Returns whether it was not there yet. Raises NotebookFull. The notebook is locked while its things are
    counted: no constraint can count, and two presses at once must not make a hundred and one.
    """
    with transaction.atomic():
        Notebook.objects.select_for_update().get(pk=notebook.pk)
        item = NotebookItem.objects.filter(notebook=notebook, **{FIELDS[type(thing)]: thing}).first()
        if item and item.removed_at is None:
            return False
        if notebook.items.kept().count() >= MOST_ITEMS:
            raise NotebookFull
        item = item or NotebookItem(notebook=notebook, **{FIELDS[type(thing)]: thing})
        item.kept_at, item.removed_at = timezone.now(), None
        item.save()
    touch(notebook)
    return True


def remove(item: NotebookItem) -> None:
    """Take a thing out; it can be brought back for a day, with its note."""
    item.removed_at = timezone.now()
    item.save(update_fields=["removed_at"])


def restore(item: NotebookItem) -> None:
    """Bring back what was removed, where it stood. Raises NotebookFull."""
    with transaction.atomic():
        Notebook.objects.select_for_update().get(pk=item.notebook_id)
        if item.removed_at and item.notebook.items.kept().count() >= MOST_ITEMS:
            raise NotebookFull
        item.removed_at = None
        item.save(update_fields=["removed_at"])


def show(notebook: Notebook, *, days: int, nonce: uuid.UUID) -> None:
    """Make a link that shows the notebook to whoever has it. One form, sent twice, makes one link.

    Raises TooManyLinks.
    """
    with transaction.atomic():
        Notebook.objects.select_for_update().get(pk=notebook.pk)
        if NotebookLink.objects.filter(nonce=nonce).exists():
            return
        if notebook.links.live().showing().count() >= MOST_LINKS:
            raise TooManyLinks
        _link(notebook, NotebookLink.Purpose.SHOW, timedelta(days=days), nonce)


def _link(
    notebook: Notebook, purpose: NotebookLink.Purpose, lasts: timedelta, nonce: uuid.UUID
) -> NotebookLink:
    link = NotebookLink(notebook=notebook, purpose=purpose, nonce=nonce)
    link.expires_at = timezone.now() + lasts
    link.set_key()
    link.save()
    return link


def revoke(link: NotebookLink) -> None:
    """Let the link open nothing any more. Doing it twice does nothing more."""
    NotebookLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def send(notebook: Notebook, *, email: str, language: str, nonce: uuid.UUID) -> None:
    """Write a letter with the names of what is kept and a link that opens the notebook elsewhere.

    One form, sent twice, makes one letter. Raises TooManyLetters when this notebook was sent often enough. An
    address that got many such letters today, from whomever, gets no more, and nobody is told so.
    The letter has no notes: an address may be mistyped, and nobody can write to others through the portal.
    """
    day = timezone.now() - timedelta(days=1)
    with transaction.atomic():
        Notebook.objects.select_for_update().get(pk=notebook.pk)
        if NotebookLink.objects.filter(nonce=nonce).exists():
            return
        if notebook.links.opening().filter(created_at__gt=day).count() >= MOST_LETTERS:
            raise TooManyLetters
        link = _link(notebook, NotebookLink.Purpose.OPEN, LETTER_LINK_LASTS, nonce)
        sent = Letter.objects.filter(created_at__gt=day, kind=LETTER, recipient__iexact=email)
        if sent.count() >= MOST_LETTERS_TO_ONE:
            return
        post_letter(
            key=f"{LETTER}-{link.pk}",
            kind=LETTER,
            recipient=email,
            language=language,
            template="booking/letters/notebook_copy",
            context={"items": notebook.items.kept().for_listing(), "link": link},
            about=notebook,
        )


def open_elsewhere(link: NotebookLink, *, instead_of: Notebook | None, bring: bool) -> str:
    """Open the link's notebook in a browser that may have had another one. Returns the key for its cookie.

    What the other one holds is brought along only if the person says so: the device may be a library's.
    """
    with transaction.atomic():
        if bring and instead_of and instead_of != link.notebook:
            _bring_along(link.notebook, instead_of)
        key = add_device(link.notebook)
    touch(link.notebook)
    return key


def _bring_along(notebook: Notebook, other: Notebook) -> None:
    """Move what the notebook does not hold yet from another, as much as there is room for."""
    Notebook.objects.select_for_update().get(pk=notebook.pk)
    there = {(item.kind, item.thing.pk): item for item in notebook.items.all().for_listing()}
    room = MOST_ITEMS - notebook.items.kept().count()
    for item in other.items.kept().for_listing()[: max(room, 0)]:
        double = there.get((item.kind, item.thing.pk))
        if double is None:
            item.notebook = notebook
            item.save(update_fields=["notebook"])
        elif double.removed_at:
            restore(double)


def erase(notebook: Notebook) -> None:
    """Erase a notebook with its notes, links and letters, at once and for good."""
    with transaction.atomic():
        forget_letters(notebook)
        notebook.delete()


def erase_unused() -> int:
    """Erase notebooks nobody uses, what was removed, and links that ran out long ago.

    Returns how many notebooks. A thousand at a time, so that a job that is stopped has done what it has done.
    """
    erased = 0
    while True:
        batch = list(Notebook.objects.unused().values_list("pk", flat=True)[:AT_ONCE])
        if not batch:
            break
        erased += Notebook.objects.unused().filter(pk__in=batch).delete()[1].get("booking.Notebook", 0)
    NotebookItem.objects.long_removed().delete()
    NotebookLink.objects.long_closed().delete()
    forget_orphaned_letters(Notebook)
    return erased
