"""Measures the search when there is very much to find: `make bench-many`, ten minutes on two cores.

The same pages are asked for with ten thousand training options and with a hundred thousand; nothing is kept
in memory, and one reader asks at a time. What the database took is told beside what the reader waits.
"""

import argparse
import importlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from opinovi.postgres import EmbeddedPostgres
from opinovi.translations import compile_catalogues
from tests.bench.__main__ import enter_django


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.many", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    parser.add_argument("--seconds", type=float, default=6, help="for each line (6)")
    parser.add_argument("--trainings", type=int, default=100_000, help="how many in the end (100000)")
    parser.add_argument("--records", type=int, default=10_000, help="how many to import (10000)")
    parser.add_argument("--import-only", action="store_true", help="measure the import and nothing else")
    options = parser.parse_args()
    compile_catalogues()
    with tempfile.TemporaryDirectory(prefix="opinovi-many-") as name:
        folder = Path(name)
        server = EmbeddedPostgres(folder)
        server.start()
        try:
            enter_django(server.url)
            scale = importlib.import_module("tests.bench.scale")  # only now are there settings
            most = 0 if options.import_only else options.trainings
            figures = dict(scale.everything(server.url, folder, options.seconds, most, options.records))
        finally:
            server.stop()
    print("\n".join(in_words(figures)))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


def in_words(figures: dict[str, Any]) -> Iterator[str]:
    for name, value in figures.items():
        if not isinstance(value, dict):
            yield f"{name}: {value}"
            continue
        yield f"\n{name}"
        for line, found in value.items():
            yield f"  {line:<24}" + "  ".join(f"{what} {number}" for what, number in found.items())


if __name__ == "__main__":
    main()
