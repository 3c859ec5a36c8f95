"""Measures everything in one run and prints it side by side; about three minutes on two cores.

Figures move by a quarter from run to run on a shared machine; their ratios to the bare view hold better.
"""

import argparse
import importlib
import json
import os
import secrets
import tempfile
from pathlib import Path

import django

from opinovi.postgres import EmbeddedPostgres
from opinovi.translations import compile_catalogues
from tests.bench.report import in_words


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    parser.add_argument("--seconds", type=float, default=4, help="for each page (4)")
    parser.add_argument("--bookings", type=int, default=400, help="how many to make (400)")
    options = parser.parse_args()
    compile_catalogues()
    with tempfile.TemporaryDirectory(prefix="opinovi-bench-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder)
        server.start()
        try:
            enter_django(server.url)
            measure = importlib.import_module("tests.bench.measure")  # only now are there settings
            figures = measure.everything(server.url, folder, options.seconds, options.bookings)
        finally:
            server.stop()
    print(in_words(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


def enter_django(database: str) -> None:
    """Let this process work on the database of the portal under measurement."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "opinovi.settings",
        "DATABASE_URL": database,
        "EMAIL_URL": "dummymail://",
        "OPINOVI_ADDRESS": "http://127.0.0.1",
        "OPINOVI_CONTACT_EMAIL": "palaute@example.fi",
        "OPINOVI_SECRET_KEY": secrets.token_urlsafe(40),
        "OPINOVI_PAGE_SECONDS": "0",
        "OPINOVI_LOG_LEVEL": "WARNING",
    }
    django.setup()


if __name__ == "__main__":
    main()
