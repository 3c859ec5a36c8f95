"""What the tests of imports share: real records of the sources, and a way to run an import."""

import json
from pathlib import Path
from typing import Any

from guidance.catalogue.imports.reading import Document
from guidance.catalogue.imports.run import run_import
from guidance.catalogue.imports.sources import SOURCES
from guidance.catalogue.models import ImportLine, ImportRun

DATA = Path(__file__).parent / "data"
KONFO = sorted((DATA / "konfo").glob("*.json"))
PTV = sorted((DATA / "ptv").glob("*.json"))


def konfo(name: str) -> dict[str, Any]:
    """A record of Opintopolku, such as `toteutus-1`."""
    return json.loads((DATA / "konfo" / f"{name}.json").read_text(encoding="utf-8"))


def ptv(name: str) -> dict[str, Any]:
    return json.loads((DATA / "ptv" / f"v11-{name}.json").read_text(encoding="utf-8"))


def run(source: str, *contents: Any, is_dry: bool = False, **options: Any) -> ImportRun:
    """Import values, bytes or files of a source."""
    documents = [_document(number, content) for number, content in enumerate(contents)]
    names = [document.name for document in documents]
    return run_import(SOURCES[source], documents, files=names, is_dry=is_dry, **options)


def _document(number: int, content: Any) -> Document:
    if isinstance(content, Path):
        return Document.of_file(content)
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Document.of_bytes(f"file-{number}.json", raw)


def counts(found: ImportRun) -> dict[str, int]:
    """How many records met which end, without those that nobody met."""
    return {name: number for name, number in found.counts.items() if number}


def facts(found: ImportRun, source_id: str) -> list[str]:
    """The codes of what the report says about a record."""
    line = ImportLine.objects.get(run=found, source_id=source_id)
    return [code for code, _words in line.facts]
