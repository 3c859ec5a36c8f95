"""What is measured when there is very much to find."""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from guidance.casework.demo import many
from guidance.casework.demo.story import Story
from network.search.rebuild import rebuild
from opinovi.demo import content as demo
from tests.bench.server import running

WORDS = [
    "hitsauskurssi",
    "työvoimakoulutukseen",
    "kirjanpito",
    "hygieniakurssi",
    "ohjelmointi",
    "verkkokurssi Turku",
    "tekoäly Tampere",
    "puutarha Nokialla",
    "myyntivalmennus",
    "lahihoitaja",
    "svetsutbildning",
    "marketing course",
    "hoivaopinnot Helsinki",
    "robotiikan jatkokurssi",
    "iltakurssi valokuvaus",
    "first aid",
    "xyzzyq",
    "koulutus",
]
LISTS = {
    "list, a facet": [
        "?field=health",
        "?time=evening",
        "?kind=labour&mode=distance",
        "?is_open=on&is_free=on",
    ],
    "list, words and facets": [
        "?q=kurssi&time=evening",
        "?q=hitsaus&place=tampere",
        "?q=kielikurssi&mode=distance",
    ],
    "list, a deep page": ["?page=300", "?q=kurssi&page=200", "?sort=name&page=250"],
}


def everything(
    database: str, folder: Path, seconds: float, most: int, records: int
) -> Iterator[tuple[str, Any]]:
    """Figures by name; times in milliseconds. Without training options only the import is measured."""
    demo.prepare_database(folder, lambda what: None)
    if most:
        yield from found(database, folder, seconds, most)
    tell("Importing")
    yield f"import of {records} records", imported(folder, records)


def found(database: str, folder: Path, seconds: float, most: int) -> Iterator[tuple[str, Any]]:
    """What finding costs among a tenth of the training options, and among all of them."""
    demo.prepare_people(folder, "only-to-measure-9", lambda what: None)
    crowd = many.Many(Story())
    there = 0
    for size in (most // 10, most):
        began = time.monotonic()
        tell(f"Building up to {size} training options")
        wanted = {"trainings": size - there, "services": (size - there) // 20, "events": (size - there) // 5}
        many.build(crowd, **wanted, tell=lambda what: None)
        rows = sum(wanted.values())
        yield f"rows written a second, up to {size}", round(rows / (time.monotonic() - began))
        there = size
        began = time.monotonic()
        rebuild()
        yield f"seconds to rebuild the index of {size}", round(time.monotonic() - began, 1)
        analyse()
        tell("Asking for pages")
        yield f"pages at {size}", pages(database, folder, seconds)


def tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def pages(database: str, folder: Path, seconds: float) -> dict[str, Any]:
    """What a reader waits for each kind of page, and what the database took of it."""
    with override("fi"):
        search, suggest, listing = (
            reverse(f"catalogue:public:{name}") for name in ("search", "suggest", "training_list")
        )
    asked = {"search": [f"{search}?q={quote(words)}" for words in WORDS]}
    asked["suggestions"] = [f"{suggest}?q={quote(words[:5])}" for words in WORDS]
    asked |= {name: [f"{listing}{query}" for query in queries] for name, queries in LISTS.items()}
    figures = {}
    with running(database, folder, page_seconds=0) as server:
        for name, paths in asked.items():
            load = server.get_in_turn(paths, max(seconds, 0.2 * len(paths)))
            took = sorted(in_database(path) for path in paths)
            figures[name] = {
                "p50": load.p50, "p99": load.p99, "requests": load.requests,
                "database p50": round(statistics.median(took), 1), "database most": round(took[-1], 1),
            }  # fmt: skip
    return figures


def in_database(path: str) -> float:
    """Milliseconds that the queries of a page take."""
    browser = Browser(headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return sum(float(query["time"]) for query in queries) * 1000


def imported(folder: Path, records: int) -> dict[str, Any]:
    """How fast search hits of Opintopolku come in, and the most memory (MB) that took; twice."""
    file = folder / "hits.json"
    file.write_text(json.dumps({"total": records, "hits": [hit(number) for number in range(records)]}))
    figures = {}
    for time_of_day in ("at first", "again, unchanged"):
        began = time.monotonic()
        told = subprocess.run(
            [sys.executable, "-c", COMMAND, str(file)], check=True, capture_output=True, text=True
        )
        figures[time_of_day] = {
            "records a second": round(records / (time.monotonic() - began)),
            "megabytes": round(int(told.stdout.splitlines()[-1]) / 1024),
        }
    return figures


COMMAND = """
import re, sys
from pathlib import Path
from django import setup
from django.core.management import call_command
setup()
call_command("import_opintopolku", sys.argv[1])
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])  # rusage tells the parent's
"""


def hit(number: int) -> dict[str, Any]:
    """A search hit of Opintopolku with one implementation."""
    words = WORDS[number % len(WORDS)]
    names = {"fi": f"{words} {number}".capitalize(), "sv": f"Kurs {number}", "en": f"Course {number}"}
    school = {"fi": f"Oppilaitos {number % 200}"}
    place = {"koodiUri": "kunta_837", "nimi": {"fi": "Tampere", "sv": "Tammerfors"}}
    return {
        "oid": f"1.2.246.562.13.{number:020}",
        "nimi": names,
        "kielivalinta": ["fi", "sv", "en"],
        "koulutustyyppi": "amm",
        "kuvaus": {"fi": f"<p>Opit taidot, joita tarvitset: {words}.</p>"},
        "toteutukset": [
            {
                "toteutusOid": f"1.2.246.562.17.{number:020}",
                "toteutusNimi": names,
                "oppilaitosOid": f"1.2.246.562.10.{number % 200:011}",
                "oppilaitosNimi": school,
                "kunnat": [place],
            }
        ],
    }
