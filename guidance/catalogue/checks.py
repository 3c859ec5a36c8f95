"""Ask organisations to check their records, and do what their contacts answer by the letter's link.

Nobody signs in: a contact is whoever can read the organisation's mail. So what a form can check (days, fees,
phone numbers, a link that stays on the same site) is saved at once, with the contact in the record's history,
and what it cannot (words, links to elsewhere, that something has ended) waits for a coordinator. See
docs/decisions for the why.
"""

import secrets
from contextlib import AbstractContextManager
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlsplit

import pghistory
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, URLField
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from guidance.catalogue.checkable import CHECKABLES, checkable_of, own_records, stale_number
from guidance.catalogue.freshness import months_before, stale
from guidance.catalogue.models import CheckRequest, Suggestion
from guidance.catalogue.models.check import SuggestionQuerySet, link_end
from guidance.catalogue.quality import scoring
from network.models import Contact, Organisation
from network.models.people import hash_key
from opinovi.actions import cancel_letters, post_letter
from opinovi.models import User
from opinovi.templatetags.portal import LANGUAGE_NAMES

RHYTHM = (1, 3, 6)  # months of waiting after one, two, and more letters without an answer
SILENT_AFTER = 2  # letters without an answer, after which coordinators are told
MOST_WAITING = 20  # suggestions about one record
WORDS = frozenset({"summary_fi", "summary_sv", "summary_en"})  # these wait for a coordinator


class AlreadyDecided(Exception):
    """Somebody else accepted or rejected the suggestion first."""


class TooManyWait(Exception):
    """So many suggestions about the record wait already that another one would not be read."""


def suggestions_for(user: User) -> SuggestionQuerySet:
    """Suggestions about what the user keeps as coordinator; all for an administrator."""
    return Suggestion.objects.about(own_records(user))


def ask_organisations() -> int:
    """Write to a contact of each organisation whose records need a check. Returns how many letters.

    Each organisation is a transaction of its own: a job that was killed goes on where it was. One letter a
    month at most, which the database holds; see RHYTHM for those who do not answer.
    """
    lacking = (checkable.of(OuterRef("pk")).filter(stale()) for checkable in CHECKABLES.values())
    asked = Organisation.objects.published().current().filter(reduce(or_, map(Exists, lacking)))
    today = timezone.localdate()
    return sum(
        _ask(organisation, today)
        for organisation in asked.prefetch_related("check_requests")
        if _is_due(list(organisation.check_requests.all()), today)
    )


def unanswered(requests: list[CheckRequest]) -> int:
    """How many letters in a row, the newest first, were written since somebody last answered one."""
    answered = max((request.answered_at for request in requests if request.answered_at), default=None)
    return sum(1 for request in requests if answered is None or request.created_at > answered)


def _is_due(requests: list[CheckRequest], today: date) -> bool:
    if not requests:
        return True
    silent = unanswered(requests)
    wait = RHYTHM[min(silent, len(RHYTHM)) - 1] if silent else 1
    last = max(timezone.localdate(request.created_at) for request in requests)
    return last <= months_before(today, wait)


def _ask(organisation: Organisation, today: date) -> bool:
    contact = Contact.objects.reminded().filter(organisation=organisation).first()
    if contact is None:  # coordinators see it on the page of data quality
        return False
    key = secrets.token_urlsafe(32)
    request = CheckRequest(
        organisation=organisation,
        contact=contact,
        recipient=contact.email,
        month=today.replace(day=1),
        key_hash=hash_key(key),
    )
    try:
        with transaction.atomic():
            request.save()
            _post(request, contact, key)
    except IntegrityError:  # another worker has just asked
        return False
    return True


def _post(request: CheckRequest, contact: Contact, key: str) -> None:
    links = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            links.append((code, LANGUAGE_NAMES[code], reverse("catalogue:public:check_list", args=[key])))
    post_letter(
        key=f"check-{request.pk}-{request.key_hash[:16]}",
        kind="check_request",
        recipient=request.recipient,
        language=contact.language,
        template="catalogue/letters/check_request",
        context={
            "organisation": request.organisation,
            "number": stale_number(request.organisation),
            "path": next(path for code, _name, path in links if code == contact.language),
            "others": [link for link in links if link[0] != contact.language],
            "expires_at": request.expires_at,
        },
        about=request,
    )


def renew_link(key: str) -> None:
    """Send a new link to where the old one went, if the key is one of ours and has run out.

    Nothing tells the caller whether it did. A key renews once: then the letter holds another one.
    """
    request = CheckRequest.objects.with_key(key).select_related("organisation", "contact").first()
    if request is None or request.contact is None or request.expires_at > timezone.now():
        return
    if request.organisation.ended_on or not request.organisation.published_at:
        return
    new = secrets.token_urlsafe(32)
    with transaction.atomic():
        renewed = CheckRequest.objects.filter(pk=request.pk, key_hash=request.key_hash)
        request.key_hash, request.expires_at = hash_key(new), link_end()
        if renewed.update(key_hash=request.key_hash, expires_at=request.expires_at):
            cancel_letters(request)
            _post(request, request.contact, new)


def confirm(request: CheckRequest, record: Any) -> None:
    """Everything is right: the record was checked today."""
    with _by_link(request), transaction.atomic():
        _save(record, ["checked_on"])
        _note_answer(request)


def correct(request: CheckRequest, record: Any, *, changed: list[str], note: str = "") -> list[str]:
    """Save what a contact corrected on the record, and let wait what a coordinator must see first.

    `changed` names the fields whose values on the record are new. Returns those that wait. What was not
    changed counts as checked today. Raises TooManyWait, and IntegrityError for values that do not fit.
    """
    before: Any = type(record)._default_manager.get(pk=record.pk)
    waiting = {name: getattr(record, name) for name in changed if _must_wait(name, before, record)}
    for name in waiting:
        setattr(record, name, getattr(before, name))
    with _by_link(request), transaction.atomic():
        _save(record, ["checked_on", *(name for name in changed if name not in waiting)])
        suggestions = [_suggestion(request, record, Suggestion.Kind.VALUE, *item) for item in waiting.items()]
        if note:
            suggestions.append(_suggestion(request, record, Suggestion.Kind.NOTE, "", note))
        _suggest(record, suggestions)
        _note_answer(request)
    return list(waiting)


def suggest_end(request: CheckRequest, record: Any) -> None:
    """It is no longer offered: a coordinator takes it away. Raises TooManyWait."""
    with transaction.atomic():
        _suggest(record, [_suggestion(request, record, Suggestion.Kind.END, "", "")])
        _note_answer(request)


def decide(suggestion: Suggestion, *, by: User, is_accepted: bool) -> None:
    """Accept a suggestion, and do what it says, or reject it. Raises AlreadyDecided."""
    record: Any = suggestion.record
    with transaction.atomic():
        decided = Suggestion.objects.waiting().filter(pk=suggestion.pk)
        if not decided.update(decided_at=timezone.now(), decided_by=by, is_accepted=is_accepted):
            raise AlreadyDecided
        if is_accepted and suggestion.kind == Suggestion.Kind.END:
            checkable_of(record).end(record)
        if is_accepted and suggestion.kind == Suggestion.Kind.VALUE:
            setattr(record, suggestion.field, suggestion.value)
            record.save(update_fields=[suggestion.field, "terms", "changed_at"])
        scoring.refresh(record)


def _by_link(request: CheckRequest) -> AbstractContextManager[Any]:
    """What is saved within is told of in the history as done by the contact."""
    return pghistory.context(contact=request.contact_id)


def _save(record: Any, names: list[str]) -> None:
    record.checked_on = timezone.localdate()
    record.save(update_fields=[*names, "changed_at"])
    scoring.refresh(record)


def _note_answer(request: CheckRequest) -> None:
    CheckRequest.objects.filter(pk=request.pk, answered_at=None).update(answered_at=timezone.now())


def _must_wait(name: str, before: Any, record: Any) -> bool:
    """Whether a coordinator must see a new value first: words, and a link to another site than before."""
    if name in WORDS:
        return True
    if not isinstance(record._meta.get_field(name), URLField):
        return False
    keeper = getattr(before, checkable_of(before).keeper)
    known = (getattr(before, name), keeper.website)
    return bool(getattr(record, name)) and not any(_same_site(getattr(record, name), url) for url in known)


def _same_site(url: str, known: str) -> bool:
    """Whether a link stays where a known one leads, or goes to a part of it."""
    new, old = ((urlsplit(text).hostname or "").removeprefix("www.") for text in (url, known))
    return bool(old) and (new == old or new.endswith(f".{old}"))


def _suggestion(
    request: CheckRequest, record: Any, kind: Suggestion.Kind, field: str, value: str
) -> Suggestion:
    about = {f"{checkable_of(record).kind}_id": record.pk}
    return Suggestion(request=request, kind=kind, field=field, value=value, **about)


def _suggest(record: Any, suggestions: list[Suggestion]) -> None:
    """Let suggestions wait; one that waits already, as after a second press, is not written again."""
    waiting = Suggestion.objects.waiting().filter(**{f"{checkable_of(record).kind}_id": record.pk}).count()
    if suggestions and waiting + len(suggestions) > MOST_WAITING:
        raise TooManyWait
    Suggestion.objects.bulk_create(suggestions, ignore_conflicts=True)
