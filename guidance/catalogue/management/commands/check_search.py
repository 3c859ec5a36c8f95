"""`manage.py check_search FILE`: how well the search understands words, by pairs of a query and a text.

The file has a pair a line, with tabs between: language (fi, sv, en), query, text, and 1 when the query must
find the text or 0 when it must not. Lines that begin with # are left out. All texts stand in the index
together, as the names of records; each query is asked as a visitor would, misspelt words put right and all.
Nothing of it stays.
"""

import csv
import json
from argparse import ArgumentParser
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from guidance.catalogue.models import GuidanceService
from network.models import Organisation, Sector, Synonyms
from network.search.finding import search_or_mend
from network.search.kinds import Kind, kind_of
from network.search.vocabulary import entries_of, learn
from opinovi.terms import TermsField, terms_of
from opinovi.words import LANGUAGES

RECALL, FALSE_HITS = 0.97, 0.05  # what the portal promises: at least, at most
LONGEST_NAME = 150


class Pair(NamedTuple):
    """A query, and a text it must find or must not."""

    language: str
    query: str
    text: str
    is_wanted: bool


class Command(BaseCommand):
    help = "Tell how many texts a list of queries finds, and how many it should not have found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", type=Path, help="lines of language, query, text and 1 or 0, with tabs between"
        )

    def handle(self, *, file: Path, **options: object) -> None:
        pairs = read_pairs(file)
        found = ask(pairs)
        missed = [pair for pair in pairs if pair.is_wanted and pair not in found]
        false = [pair for pair in pairs if not pair.is_wanted and pair in found]
        for what, wrong in (("Missed", missed), ("False hit", false)):
            for pair in wrong:
                self.stdout.write(f"{what}: {pair.language} {pair.query!r} – {pair.text!r}")
        recall, false_rate = rates(pairs, found)
        self.stdout.write(f"{len(pairs)} pairs. Recall {recall:.3f}. False hits {false_rate:.3f}.")


def read_pairs(file: Path) -> list[Pair]:
    """The pairs of a file. Raises CommandError when a line is none."""
    pairs = []
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), start=1):
        if not "".join(row).strip() or row[0].startswith("#") or row[0].strip().lower() == "language":
            continue
        if len(row) < 4 or row[0].strip() not in LANGUAGES or row[3].strip() not in {"0", "1"}:
            raise CommandError(
                f"{file}, line {number}: write language, query, text and 1 or 0, with tabs between."
            )
        pairs.append(Pair(row[0].strip(), row[1].strip(), row[2].strip(), row[3].strip() == "1"))
    return pairs


def ask(pairs: list[Pair]) -> set[Pair]:
    """The pairs whose query finds its text."""
    found = set()
    with transaction.atomic():
        records = _records({(pair.language, pair.text) for pair in pairs})
        kind = kind_of(GuidanceService)
        if kind is None:
            raise CommandError("Guidance is not among what can be found.")
        here: Kind = replace(
            kind,
            rows=lambda: GuidanceService.objects.filter(pk__in=records.values()),
            within=lambda services, _area: services.none(),  # a text is somewhere by saying so
        )
        if not Synonyms.objects.exists():
            Synonyms.objects.bulk_create(Synonyms(words=words) for words in shipped_synonyms())
        for pair in pairs:
            with override(pair.language):
                search = search_or_mend(here, pair.query)
                hits = search.matching(here.rows()).filter(pk=records[pair.language, pair.text])
                if search.wish and hits.exists():
                    found.add(pair)
        transaction.set_rollback(True)
    return found


def rates(pairs: list[Pair], found: set[Pair]) -> tuple[float, float]:
    """Of the texts to be found how many were; of the others how many were found all the same."""
    wanted = [pair for pair in pairs if pair.is_wanted]
    others = [pair for pair in pairs if not pair.is_wanted]
    recall = sum(pair in found for pair in wanted) / len(wanted) if wanted else 1.0
    return recall, sum(pair in found for pair in others) / len(others) if others else 0.0


def shipped_synonyms() -> list[str]:
    """The groups of synonyms that come with the portal."""
    file = Path(settings.BASE_DIR, "fixtures", "synonyms.json")
    return [row["fields"]["words"] for row in json.loads(file.read_text(encoding="utf-8"))]


def _records(texts: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """A guidance service for each text, with nothing else in it; its words are in the vocabulary."""
    sector, _made = Sector.objects.get_or_create(code="check-search", defaults={"name_fi": "."})
    giver = Organisation.objects.create(
        name_fi=".", slug="check-search", sector=sector, published_at=timezone.now()
    )
    services = [
        GuidanceService(
            organisation=giver,
            slug=f"check-search-{number}",
            published_at=timezone.now(),
            **_texts(language, text),
        )
        for number, (language, text) in enumerate(sorted(texts))
    ]
    GuidanceService.objects.bulk_create(services)
    field = cast("TermsField", terms_of(GuidanceService))
    learn(Counter(entry for service in services for entry in entries_of(field.parts_of(service))))
    return {key: service.pk for key, service in zip(sorted(texts), services, strict=True)}


def _texts(language: str, text: str) -> dict[str, str]:
    if len(text) <= LONGEST_NAME:
        return {f"name_{language}": text}
    return {f"name_{language}": text[:LONGEST_NAME].rpartition(" ")[0], f"description_{language}": text}
