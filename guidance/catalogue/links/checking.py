"""Look at the links of published records, politely, and write down what became of them."""

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.utils import timezone

from guidance.catalogue.links.fetch import Answer, Guard, ask, public_address
from guidance.catalogue.models import LinkCheck
from guidance.catalogue.quality.subjects import SUBJECTS

LINKS_A_NIGHT = 5000
RUN_LASTS = 3600.0  # seconds
HOST_PAUSE = 2.0  # seconds between two requests to the same host
LOOK_AGAIN = timedelta(hours=20)  # not the same link twice in a night, should the job run twice
BATCH = 50  # links that are written together, so that a killed job loses no more


def check_links(
    *, most: int = LINKS_A_NIGHT, guard: Guard = public_address, pause: float = HOST_PAUSE
) -> int:
    """Look at the links whose turn it is. Returns how many were looked at.

    Failing ones come first, so that three failures over three days can be told; then new ones, then those
    that were not looked at for the longest time.
    """
    collect_links()
    checks = list(LinkCheck.objects.turn(LOOK_AGAIN)[:most])
    looked_at = []
    ends = time.monotonic() + RUN_LASTS
    for check in _one_at_a_time(checks, pause):
        if time.monotonic() > ends:
            break
        _write_down(check, ask(check.url, guard=guard))
        looked_at.append(check)
        if len(looked_at) % BATCH == 0:
            _save(looked_at[-BATCH:])
    _save(looked_at[len(looked_at) - len(looked_at) % BATCH :])
    return len(looked_at)


def collect_links() -> None:
    """Know every link of published records, and forget those that no record has any more."""
    used = set()
    for subject in SUBJECTS.values():
        published = subject.rows().filter(published_at__isnull=False)
        for name in subject.links:
            used |= set(published.exclude(**{name: ""}).values_list(name, flat=True).distinct())
    known = set(LinkCheck.objects.values_list("url", flat=True))
    new = [LinkCheck(url=url) for url in sorted(used - known)]
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True, batch_size=1000)
    gone = sorted(known - used)
    for first in range(0, len(gone), 1000):
        LinkCheck.objects.filter(url__in=gone[first : first + 1000]).delete()


def _one_at_a_time(checks: list[LinkCheck], pause: float) -> Iterator[LinkCheck]:
    """The links host by host in turn, so that none is asked twice within the pause; waits if it must."""
    waiting: defaultdict[str, deque[LinkCheck]] = defaultdict(deque)
    for check in checks:
        waiting[_host(check.url)].append(check)
    hosts = deque((host, 0.0) for host in waiting)
    while hosts:
        host, rested_at = hosts.popleft()
        time.sleep(max(0.0, rested_at - time.monotonic()))
        yield waiting[host].popleft()
        if waiting[host]:
            hosts.append((host, time.monotonic() + pause))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _write_down(check: LinkCheck, answer: Answer) -> None:
    now = timezone.now()
    check.status, check.problem, check.checked_at = answer.status, answer.problem, now
    if answer.is_failure:
        check.failures = min(check.failures + 1, 1000)
        check.failing_since = check.failing_since or now
    else:
        check.failures, check.failing_since, check.answered_at = 0, None, now


def _save(checks: list[LinkCheck]) -> None:
    LinkCheck.objects.bulk_update(
        checks, ["status", "problem", "checked_at", "failures", "failing_since", "answered_at"]
    )
