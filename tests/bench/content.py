"""What the portal under measurement holds: the demo content, much more training, and full calendars."""

from itertools import cycle, islice
from pathlib import Path

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from guidance.catalogue.models import TrainingOption
from opinovi.demo import content as demo
from tests.bench import calendars
from tests.bench.calendars import FORM, Booking

TRAINING_OPTIONS = 20_000
BATCH = 2_000


def build(folder: Path) -> None:
    """Fill the empty database of the portal under measurement."""
    demo.prepare_database(folder, lambda what: None)
    demo.prepare_people(folder, "only-to-measure-9", lambda what: None)
    _multiply_training_options()
    calendars.build()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _multiply_training_options() -> None:
    """Copies of the demo's training options, in their places, until there are twenty thousand."""
    originals = list(TrainingOption.objects.prefetch_related("municipalities"))
    places = {option.pk: [area.pk for area in option.municipalities.all()] for option in originals}
    wanted = TRAINING_OPTIONS - len(originals)
    through = TrainingOption.municipalities.through
    numbered = enumerate(islice(cycle(originals), wanted))
    while batch := list(islice(numbered, BATCH)):
        copies = TrainingOption.objects.bulk_create([_copy(source, number) for number, source in batch])
        through.objects.bulk_create(
            through(trainingoption_id=copy.pk, area_id=place)
            for copy, (_number, source) in zip(copies, batch, strict=True)
            for place in places[source.pk]
        )


def _copy(source: TrainingOption, number: int) -> TrainingOption:
    columns = [field for field in source._meta.concrete_fields if not field.generated]
    fields = {field.attname: getattr(source, field.attname) for field in columns}
    fields |= {"id": None, "slug": f"{source.slug[:100]}-{number}"}
    for language in ("fi", "sv", "en"):
        if name := fields[f"name_{language}"]:
            fields[f"name_{language}"] = f"{name[:190]} {number}"
    return TrainingOption(**fields)


def queries(page: str | Booking) -> int:
    """How many queries the database is asked for a page that is not in the cache, or for a booking."""
    browser = Browser(headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as captured:
        if isinstance(page, Booking):
            answer = browser.post(page.path, page.body, content_type=FORM)
        else:
            answer = browser.get(page)
    assert answer.status_code in {200, 302}, f"{page} was answered {answer.status_code}"
    return len(captured)
