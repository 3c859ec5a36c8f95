"""What the portal under measurement holds: the demo content, much more training, and counsellors."""

import uuid
from dataclasses import dataclass
from datetime import date, time
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlencode

from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guidance.booking.menu import Choice, Menu
from guidance.booking.models import Availability
from guidance.booking.views.public.choosing import times_url
from guidance.booking.wall_clock import written
from guidance.catalogue.models import Channel, GuidanceService, TrainingOption
from network.models import Affiliation
from opinovi.demo import content as demo
from opinovi.models import User

TRAINING_OPTIONS = 20_000
COUNSELLORS = 10
BATCH = 2_000
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Booking:
    """What is posted to book one time."""

    path: str
    body: str


def build(folder: Path) -> None:
    """Fill the empty database of the portal under measurement."""
    demo.prepare_database(folder, lambda what: None)
    demo.prepare_people(folder, "only-to-measure-9", lambda what: None)
    _multiply_training_options()
    _add_counsellors()
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


def _add_counsellors() -> None:
    service, choice = _service()
    for number in range(COUNSELLORS):
        user = User.objects.create_user(f"mittaus{number}@example.fi", name=f"Mittaus {number}")
        Affiliation.objects.create(
            user=user,
            organisation=service.organisation,
            role=Affiliation.Role.COUNSELLOR,
            since=date(2020, 1, 1),
        )
        for weekday in range(1, 6):
            availability = Availability.objects.create(
                counsellor=user, weekday=weekday, starts_at=time(8), ends_at=time(16)
            )
            availability.services.set([service])
            availability.channels.set([choice])


def _service() -> tuple[GuidanceService, Channel]:
    """A service that can be booked, and a channel that needs no place."""
    for service in GuidanceService.objects.bookable().select_related("organisation").by_name():
        if channel := service.channels.filter(needs_place=False, needs_phone=False).first():
            return service, channel
    raise LookupError("No service of the demo can be booked at a distance.")


def slot_page() -> str:
    service, channel = _service()
    with override("en"):
        return times_url(Menu(service), Choice(channel))


def bookings(count: int) -> list[Booking]:
    """Different times, or one time with different counsellors, each by somebody else."""
    service, channel = _service()
    menu, choice = Menu(service), Choice(channel)
    timetable = menu.timetable
    slots = timetable.free(service, choice.way, timetable.today, timetable.last_day(service))
    with override("en"):
        page = times_url(menu)
    language = (service.languages or ["fi"])[0]
    found = []
    for slot in slots:
        for opening in slot.openings:
            body = {
                "nonce": uuid.uuid4(),
                "name": f"Mitta {len(found)}",
                "email": f"mitta{len(found)}@example.fi",
                "spoken_language": language,
            }
            if opening.speaks(language):
                found.append(Booking(f"{page}{written(slot.starts_at)}/?{choice.query}", urlencode(body)))
    step = max(1, len(found) // count)
    return found[::step][:count]


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
