"""Everything that is measured, in order."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import override

from tests.bench import calendars, content, inserts
from tests.bench.letters import letters_per_second
from tests.bench.server import Server, demo_start, running

LETTERS = 1000

Figures = dict[str, Any]
CROWD = 50  # people who want one time


def everything(database: str, folder: Path, seconds: float, bookings: int) -> Figures:
    """All figures as `--json` writes them. Throughput in requests a second, times in milliseconds."""
    tell("Building the content")
    content.build(folder)
    pages = addresses()
    figures: Figures = {"pages": {name: {"queries": content.queries(path)} for name, path in pages.items()}}
    with running(database, folder, page_seconds=60) as server:
        figures["bare"] = asdict(server.get("/bare", seconds))
        for name, path in pages.items():
            tell(f"{name}: kept in memory, and made for every reader")
            figures["pages"][name]["kept"] = asdict(server.get(path, seconds))
            figures["pages"][name]["made"] = asdict(server.get(path, seconds, cookie="csrftoken=x"))
        tell("Booking")
        figures["booking"] = book(server, bookings)
        figures["race"] = asdict(server.race(calendars.crowd(CROWD)))
        figures["megabytes of each worker"] = server.memory()
    with running(database, folder, page_seconds=0) as server:
        for name, path in pages.items():
            tell(f"{name}: made without any memory")
            figures["pages"][name]["anew"] = asdict(server.get(path, seconds / 2))
    tell("Letters")
    figures["letters per second"] = letters_per_second(database, LETTERS)
    tell("Free times, and what the database takes by itself")
    figures["milliseconds for free times"] = calendars.free_times()
    figures["inserts per second"] = inserts.per_second(database, folder, seconds)
    tell("Starting a demo, cold and warm")
    figures["seconds to start a demo"] = {
        "cold": demo_start(folder / "demo"),
        "warm": demo_start(folder / "demo"),
    }
    return figures


def addresses() -> dict[str, str]:
    with override("en"):
        return {
            "front page": reverse("catalogue:public:front_page"),
            "training list": reverse("catalogue:public:training_list"),
            "search": reverse("catalogue:public:search") + "?q=nurse",
            "slot page": calendars.slot_page(),
        }


def book(server: Server, count: int) -> Figures:
    """Book different times all at once, and before that one more to count its queries."""
    first, second, *others = calendars.bookings(count + 2)
    content.queries(first)  # what Django looks up once in a process
    return {"queries": content.queries(second), **asdict(server.post(others))}


def tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
