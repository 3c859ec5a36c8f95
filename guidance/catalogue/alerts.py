"""Follow a search by e-mail: ask, confirm, be told what is new, pause, go on, stop."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from guidance.catalogue import followed
from guidance.catalogue.models import Alert, Find, FollowedSearch
from guidance.catalogue.models.alert import KEEP_FINDS, LASTS
from opinovi.actions import forget_letters, forget_orphaned_letters, post_letter
from opinovi.models import Letter

MOST_LISTED = 20  # in one letter; the rest is counted
MOST_FOR_AN_ADDRESS = 20  # alerts
MOST_ASKED = 5  # letters that an address gets in a day because somebody wrote it into the form
ASKING = ("alert_asked", "alert_known")


def ask(*, source: str, query: str, language: str, email: str, rhythm: str) -> None:
    """Write to an address whether it wants to follow a search. Raises followed.Unreadable.

    Nothing tells the asker whether the address is known. It gets one letter a day about one search and a few
    about all; one that follows the search already is told so instead.
    """
    email = email.lower()
    with transaction.atomic():
        search = followed.asked_for(source, query, language)
        alert = Alert.objects.filter(search=search, email=email).select_for_update(of=("self",)).first()
        if alert is None:
            if Alert.objects.filter(email=email).count() >= MOST_FOR_AN_ADDRESS:
                return
            alert = _new(search, email, rhythm)
        elif not alert.is_confirmed:
            alert.rhythm, alert.created_at = rhythm, timezone.now()
            alert.save(update_fields=["rhythm", "created_at"])
        day = timezone.now() - timedelta(days=1)
        asked = Letter.objects.filter(created_at__gt=day, kind__in=ASKING, recipient=email)
        if asked.count() < MOST_ASKED:
            kind = "alert_known" if alert.is_confirmed else "alert_asked"
            _post(alert, kind, f"{timezone.localdate()}")


def _new(search: FollowedSearch, email: str, rhythm: str) -> Alert:
    """A new alert, or the one that the same form, sent twice, made a moment ago."""
    made = Alert(search=search, email=email, rhythm=rhythm)
    made.set_key()
    Alert.objects.bulk_create([made], ignore_conflicts=True)
    return Alert.objects.select_related("search").get(search=search, email=email)


def confirm(alert: Alert) -> None:
    """Begin to follow. What matches at this moment is not new. Doing it twice does nothing more."""
    with suppress(followed.Unreadable):  # its page says so
        followed.look(alert.search_id)
    day = timezone.localdate()
    Alert.objects.filter(pk=alert.pk, confirmed_at__isnull=True).update(
        confirmed_at=timezone.now(),
        told_until=timezone.now(),
        due_on=day + timedelta(days=1),
        expires_on=day + LASTS,
    )


def change(alert: Alert, *, rhythm: str) -> None:
    """Another rhythm, from the next letter on."""
    alert.rhythm = rhythm
    alert.due_on = timezone.localdate() + timedelta(days=1)
    alert.save(update_fields=["rhythm", "due_on"])


def pause(alert: Alert) -> None:
    alert.paused_at = timezone.now()
    alert.save(update_fields=["paused_at"])


def go_on(alert: Alert) -> None:
    """After a pause, or for another year. What came during a pause is told in the next letter."""
    alert.paused_at = alert.asked_at = None
    alert.expires_on = timezone.localdate() + LASTS
    alert.save(update_fields=["paused_at", "asked_at", "expires_on"])


def stop(alert: Alert) -> None:
    """Erase the alert, its address and its letters; what waits to be sent does not leave."""
    with transaction.atomic():
        locked = Alert.objects.select_for_update().filter(pk=alert.pk).first()
        if locked:
            forget_letters(locked)
            locked.delete()


def stop_all(alert: Alert) -> None:
    """Stop this and every other alert of the same address."""
    for one in Alert.objects.filter(email=alert.email):
        stop(one)


def tell() -> None:
    """Write every letter that is due today. Each search is looked at once, however many follow it.

    A search and an alert are each one transaction: a worker that is killed leaves the rest for the next run
    and has told nothing twice.
    """
    day = timezone.localdate()
    for number in list(FollowedSearch.objects.due(day).values_list("pk", flat=True)):
        try:
            followed.look(number)
        except followed.Unreadable:
            _tell_of_loss(number)
    _put_off(day)
    for pk in list(Alert.objects.due(day).values_list("pk", flat=True)):
        _tell(pk)
    for pk in list(Alert.objects.ending(day).values_list("pk", flat=True)):
        _ask_to_renew(pk)


def _put_off(day: date) -> None:
    """Ask again tomorrow for all those of whom there is nothing to tell: most of them, on most days."""
    looked_at = FollowedSearch.objects.looked_at(day)
    quiet = Alert.objects.due(day).with_nothing_new().filter(search__in=looked_at)
    checked_at = looked_at.filter(pk=OuterRef("search_id")).values("checked_at")
    quiet.update(told_until=Subquery(checked_at), due_on=day + timedelta(days=1))


def _tell(pk: int) -> None:
    day = timezone.localdate()
    with transaction.atomic():
        due = Alert.objects.due(day).select_for_update(of=("self",), skip_locked=True)
        alert = due.select_related("search").filter(pk=pk).first()
        if alert is None:
            return
        rows = _news(alert, since=alert.told_until, until=alert.search.checked_at)
        if rows:
            alert.letters += 1
            _post(alert, "alert_news", str(alert.letters), **_listed(alert, rows))
        alert.told_until = alert.search.checked_at
        alert.due_on = alert.next_after(day) if rows else day + timedelta(days=1)
        alert.save(update_fields=["letters", "told_until", "due_on"])


def _news(alert: Alert, *, since: datetime | None, until: datetime) -> list[Any]:
    """What was found in the time and can still be read, newest first."""
    finds = Find.objects.filter(search=alert.search, found_at__gt=since, found_at__lte=until)
    numbers = list(finds.order_by("-found_at", "-row").values_list("row", flat=True))
    rows = followed.SEARCHES[alert.search.source].rows().in_bulk(numbers)
    return [rows[number] for number in numbers if number in rows]


def _listed(alert: Alert, rows: list[Any]) -> dict[str, Any]:
    route = followed.SEARCHES[alert.search.source].detail_route
    with override(alert.language):
        listed = [(row, reverse(route, args=[row.slug])) for row in rows[:MOST_LISTED]]
    return {"rows": listed, "count": len(rows), "more": len(rows) - len(listed)}


def _tell_of_loss(number: int) -> None:
    """A choice of the search is gone, such as an organisation: say so once, and find nothing."""
    for alert in Alert.objects.confirmed().filter(search=number).select_related("search"):
        _post(alert, "alert_lost", "once")


def _ask_to_renew(pk: int) -> None:
    with transaction.atomic():
        ending = Alert.objects.ending(timezone.localdate()).select_for_update(of=("self",), skip_locked=True)
        if alert := ending.select_related("search").filter(pk=pk).first():
            alert.asked_at = timezone.now()
            alert.save(update_fields=["asked_at"])
            _post(alert, "alert_ending", f"{alert.expires_on}")


def _post(alert: Alert, kind: str, turn: str, **context: Any) -> None:
    """Write a letter with a way out: one press in the mail program stops the alert (RFC 8058).

    A letter that nobody may have asked for does not repeat the words of the search, so that nobody can
    write to others through the portal.
    """
    said = followed.described(alert.search, with_words=kind not in ASKING)
    with override(alert.language):
        way_out = settings.ADDRESS + reverse("catalogue:public:alert_stop", args=[alert.key])
    post_letter(
        key=f"{kind}-{alert.pk}-{turn}",
        kind=kind,
        recipient=alert.email,
        language=alert.language,
        template=f"catalogue/letters/{kind}",
        context={"alert": alert, **said, **context},
        about=alert,
        headers={
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def forget() -> None:
    """Erase what was never confirmed, what has ended, and what nobody follows any more."""
    Alert.objects.never_confirmed().delete()
    Alert.objects.ended(timezone.localdate()).delete()
    FollowedSearch.objects.followed_by_nobody().delete()
    Find.objects.filter(found_at__lt=timezone.now() - KEEP_FINDS).delete()
    forget_orphaned_letters(Alert)
