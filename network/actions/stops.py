"""Change and cancel the stops of a mobile service point; whoever counts on a stop hears of it.

Who counts on stops is known to apps to the right, which say so with `follow_stops`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from network.models import RouteStop


@dataclass(frozen=True)
class Follower:
    """What counts on stops: how many people on one of them, and what to do once one has changed."""

    count: Callable[[RouteStop], int]
    tell: Callable[[RouteStop, RouteStop], None]  # the stop as it was, and as it is now


_followers: list[Follower] = []


def follow_stops(follower: Follower) -> None:
    """Called once by an app when the portal starts."""
    _followers.append(follower)


def people_counting_on(stop: RouteStop) -> int:
    """How many people will be told when the stop is cancelled or changed."""
    return sum(follower.count(stop) for follower in _followers)


def save_stop(stop: RouteStop) -> None:
    """Write a new stop, or a changed one and tell whom it concerns. Raises IntegrityError on a clash."""
    with transaction.atomic():
        before = RouteStop.objects.select_for_update(of=["self"]).filter(pk=stop.pk).first()
        stop.save()
        _tell(before, stop)


def cancel_stop(stop: RouteStop) -> None:
    """Mark the stop as cancelled and tell whom it concerns. Doing it twice does nothing more."""
    with transaction.atomic():
        before = RouteStop.objects.select_for_update(of=["self"]).get(pk=stop.pk)
        if before.cancelled_at is None:
            stop.cancelled_at = timezone.now()
            stop.save(update_fields=["cancelled_at"])
            _tell(before, stop)


def _tell(before: RouteStop | None, stop: RouteStop) -> None:
    if before is not None and before.cancelled_at is None:
        for follower in _followers:
            follower.tell(before, stop)
