"""The figures as a table for people, beside what they should be.

A page is *kept in memory* for strangers. It is *made every time* for people who are signed in, whose rows and
counts are kept until content changes; with *nothing known* these are made too, as after a change.
"""

from typing import Any

KEPT, MADE, BOOKING = 0.6, 1 / 8, 1 / 10  # of the bare view's throughput, at least
ANSWERED = 1.5  # seconds until fifty people who want one time have an answer, at most
FREE_TIMES = 100  # milliseconds, at most
QUERIES = 12  # of one page, at most
MEGABYTES = 100  # of one worker, at most

HEAD = f"{'':<15}{'':<20}{'req/s':>9}{'of bare':>9}{'p50 ms':>9}{'p99 ms':>9}{'queries':>9}{'kB':>8}  aim"


def in_words(figures: dict[str, Any]) -> str:
    bare = figures["bare"]["per_second"]
    lines = [HEAD, _line("bare view", "", figures["bare"], bare)]
    for name, page in figures["pages"].items():
        lines.append(_line(name, "kept in memory", page["kept"], bare, least=KEPT))
        lines.append(_line("", "made every time", page["made"], bare, least=MADE))
        is_slots = name == "slot page"
        least = MADE if is_slots else None
        lines.append(_line("", "and nothing known", page["anew"], bare, queries=page["queries"], least=least))
    booking = figures["booking"]
    lines.append(_line("booking", "posted", booking, bare, queries=booking["queries"], least=BOOKING))
    memory = figures["megabytes of each worker"]
    start = figures["seconds to start a demo"]
    sizes = " and ".join(f"{size} MB" for size in memory)
    lines += ["", *_of_calendars(figures)]
    lines += [
        f"Workers' memory  {sizes}  {_judged(max(memory) < MEGABYTES, f'under {MEGABYTES}')}",
        f"Letters sent     {figures['letters per second']} a second by one worker",
        f"Start of a demo  {start['cold']} s at first, {start['warm']} s later",
    ]
    return "\n".join(lines)


def _of_calendars(figures: dict[str, Any]) -> list[str]:
    """How booking holds with a thousand counsellors and forty thousand appointments."""
    race, taken = figures["race"], figures["milliseconds for free times"]
    inserts, booked = figures["inserts per second"], figures["booking"]["per_second"]
    is_held = race["winners"] == 1 and not race["failures"]
    aims = [
        _judged(race["seconds"] <= ANSWERED, f"≤ {ANSWERED} s"),
        _judged(is_held, "one winner, no failure"),
    ]
    times = ", ".join(f"{name} {milliseconds} ms" for name, milliseconds in taken.items())
    quick = _judged(max(taken.values()) < FREE_TIMES, f"each under {FREE_TIMES} ms")
    outcome = f"{race['people']} people, {race['winners']} has the time, {race['failures']} failures"
    return [
        f"Race            {outcome}, all answered in {race['seconds']} s  {', '.join(aims)}",
        f"Bookings        {booked:.0f} a second; pgbench alone inserts {inserts:.0f} rows a second",
        f"Free times      {times}  {quick}",
    ]


def _line(
    name: str,
    way: str,
    load: dict[str, Any],
    bare: float,
    *,
    queries: int | None = None,
    least: float | None = None,
) -> str:
    share = load["per_second"] / bare
    aims = [] if least is None else [_judged(share >= least, f"≥ {least:.3g}")]
    if queries is not None:
        aims.append(_judged(queries <= QUERIES, f"≤ {QUERIES} queries"))
    return (
        f"{name:<15}{way:<20}{load['per_second']:>9.0f}{share:>9.2f}{load['p50']:>9.2f}{load['p99']:>9.2f}"
        f"{'' if queries is None else queries:>9}{load['kilobytes']:>8.1f}  {', '.join(aims)}"
    ).rstrip()


def _judged(is_met: bool, aim: str) -> str:
    return aim if is_met else f"{aim} MISSED"
