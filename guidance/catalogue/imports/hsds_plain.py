"""HSDS records of other portals: what the standard itself tells, in the one language they are written in."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.exports.hsds.places import DAYS
from guidance.catalogue.imports.facts import Facts, mapping, objects, text_of
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.texts import Words, columns, in_each, line, prose
from guidance.catalogue.models import GuidanceLanguage, GuidanceService, ImportedKind
from network.business_id import validate_business_id

Step = Mapping[str, Any]
GONE = ("inactive", "defunct")
COMMON_WORDS = {
    "fi": {"ja", "on", "tai", "sekä", "että", "kun", "voit", "myös", "joka", "ovat", "ei", "jos"},
    "sv": {"och", "är", "för", "att", "som", "av", "med", "till", "eller", "du", "kan", "på", "det"},
    "en": {"and", "the", "of", "to", "for", "is", "with", "are", "who", "or", "you", "we", "our", "a"},
}
STATISTICS = re.compile(r"/(kunta|maakunta)_1_\d{8}/.*_(\d{2,3})$")
AREA_KINDS = {"kunta": "municipality", "maakunta": "region"}
COUNTRY = ("finland", "suomi")


def plain_organisation(source_id: str, content: Step, sectors: set[str]) -> Record:
    """An organisation. The standard has no sectors: it counts among other public ones."""
    facts, said = Facts(), _Said(content)
    values = {**said.columns("name"), **said.columns("description"), "website": _site(content.get("website"))}
    for entry in objects(content.get("organization_identifiers")):
        identifier = text_of(entry.get("identifier"))
        if re.fullmatch(r"\d{7}-\d", identifier):
            try:
                validate_business_id(identifier)
                values["business_id"] = identifier
            except ValidationError:
                facts.say("bad_value", field="business_id", value=identifier)
    parent = text_of(content.get("parent_organization_id"))
    contacts = [
        {"name": name, **said.as_columns("title", each.get("title")), **reached, "is_public": True}
        for each in objects(content.get("contacts"))
        if any((reached := {"email": text_of(each.get("email")), "phone": _phone(each)}).values())
        and (name := line(each.get("name")) or line(content.get("name")))
    ]
    sector = "other-public" if "other-public" in sectors else min(sectors, default="")
    return Record(
        ImportedKind.ORGANISATION,
        source_id,
        values=values,
        links={"sector": [sector], "parent": [parent] if parent else []},
        parts={"contacts": contacts} if "contacts" in content else {},
        facts=facts.list,
    )


def plain_point(source_id: str, content: Step) -> Record:
    """A service point: a location that has an address."""
    facts, said = Facts(), _Said(content)
    address = next(
        iter(
            sorted(objects(content.get("addresses")), key=lambda each: each.get("address_type") == "postal")
        ),
        {},
    )
    postcode = text_of(address.get("postal_code"))
    if postcode and not re.fullmatch(r"[0-9]{5}", postcode):
        facts.say("bad_value", field="postcode", value=postcode)
        postcode = ""
    access = [line(each.get("description")) for each in objects(content.get("accessibility"))]
    mails = [text_of(each.get("email")) for each in objects(content.get("contacts"))]
    streets = (line(address.get("address_1")), line(address.get("address_2")))
    town = line(address.get("city"))
    hours, days = _hours(objects(content.get("schedules")), facts)
    return Record(
        ImportedKind.SERVICE_POINT,
        source_id,
        values={
            **said.columns("name"),
            **said.together(
                "description", prose(content.get("description")), "\n".join(filter(None, access))
            ),
            **said.as_columns("directions", content.get("transportation")),
            "street_address": ", ".join(filter(None, streets)),
            "postcode": postcode,
            **_coordinates(content, facts),
            "phone": _phone(content),
            "email": next(filter(None, mails), ""),
        },
        owner=text_of(content.get("organization_id")),
        links={"municipality": [town] if town else []},
        parts={"opening_hours": hours, "opening_exceptions": days},
        facts=facts.list,
    )


def plain_service(source_id: str, content: Step) -> Record:
    """A guidance service. What has no column of its own stands in the description."""
    facts, said = Facts(), _Said(content)
    paths = ("description", "alert", "wait_time", "accreditations")
    about = [prose(content.get(name)) for name in paths]
    documents = [line(each.get("document")) for each in objects(content.get("required_documents"))]
    terms = [mapping(each.get("taxonomy_term")) for each in objects(content.get("attributes"))]
    other = [content.get("alternate_name"), *(term.get("name") for term in terms)]
    hours = [_told(each) for each in objects(content.get("schedules"))]
    audience = [content.get("eligibility_description"), _ages(content, said.language)]
    values = {
        **said.columns("name"),
        **said.together("description", *about),
        **said.together("audience", *(prose(each) for each in audience)),
        **said.as_columns("keywords", ", ".join(dict.fromkeys(filter(None, map(line, other))))),
        **said.together("bring", *documents),
        **said.as_columns("next_steps", content.get("application_process")),
        **said.as_columns("hours_note", "; ".join(dict.fromkeys(filter(None, hours)))),
        **said.as_columns("fee_note", line(content.get("fees_description") or content.get("fees"))),
        "languages": _languages(content, facts),
        "has_interpreter": bool(line(content.get("interpretation_services"))),
        "fee": _fee(content),
        "booking": GuidanceService.Booking.NONE.value,
        "phone": _phone(content),
        "email": text_of(content.get("email")),
        "website": _site(content.get("url")),
        "checked_on": content.get("assured_date"),
    }
    places = [mapping(each.get("location")) for each in objects(content.get("service_at_locations"))]
    return Record(
        ImportedKind.SERVICE,
        source_id,
        values=values,
        owner=text_of(content.get("organization_id")),
        links={
            "service_points": [text_of(place.get("id")) for place in places if is_place(place)],
            "areas": _areas(content),
        },
        is_published=text_of(content.get("status")) not in GONE,
        facts=facts.list if text_of(content.get("status")) not in GONE else [("unpublished_at_source", {})],
    )


def is_place(location: Step) -> bool:
    """Whether one can go to a plain location; a virtual one, or a mere name, is no service point."""
    return bool(text_of(location.get("id")) and objects(location.get("addresses")))


class _Said:
    """The texts of a record, in the language that its own words are most likely of; Finnish when in doubt."""

    def __init__(self, content: Step) -> None:
        self.content = content
        texts = (content.get("name"), content.get("description"), content.get("eligibility_description"))
        words = re.findall(r"\w+", " ".join(map(prose, texts)).lower())
        self.language = max(
            COMMON_WORDS, key=lambda code: sum(word in COMMON_WORDS[code] for word in words[:400])
        )

    def columns(self, name: str) -> dict[str, str]:
        return self.as_columns(name, self.content.get(name), is_line=name == "name")

    def as_columns(self, name: str, value: Any, *, is_line: bool = False) -> dict[str, str]:
        text: Words = {self.language: (line if is_line else prose)(value)}
        return columns(name, text)

    def together(self, name: str, *texts: str) -> dict[str, str]:
        return columns(name, {self.language: "\n\n".join(filter(None, texts))})


def _site(value: Any) -> str:
    address = text_of(value)
    return f"https://{address}" if address.startswith("www.") else address


def _phone(content: Step) -> str:
    numbers = [line(phone.get("number")) for phone in objects(content.get("phones"))]
    return next(filter(None, numbers), "")[:40]


def _ages(content: Step, language: str) -> str:
    least, most = (line(content.get(name)) for name in ("minimum_age", "maximum_age"))
    return f"{in_each(_('Age'))[language]}: {least}–{most}" if least or most else ""


def _fee(content: Step) -> str | None:
    """The least fee in euros; none where nobody tells, or it is in other money."""
    options = objects(content.get("cost_options"))
    amounts = [line(each.get("amount")) for each in options if each.get("currency") in (None, "", "EUR")]
    known = [amount for amount in amounts if re.fullmatch(r"\d{1,6}(\.\d+)?", amount)]
    return min(known, key=float) if known else None


def _languages(content: Step, facts: Facts) -> list[str]:
    found = []
    for each in objects(content.get("languages")):
        code = text_of(each.get("code")).lower()[:2]
        if code in GuidanceLanguage.values:
            found.append(code)
        else:
            facts.say("unknown_code", field="languages", code=code or line(each.get("name"))[:40])
    return found


def _areas(content: Step) -> list[str]:
    """Areas by Statistics Finland's code, else by name; none for the whole country."""
    found = []
    for area in objects(content.get("service_areas")):
        name, uri = line(area.get("name")), STATISTICS.search(text_of(area.get("uri")))
        if uri:
            found.append(f"{AREA_KINDS[uri[1]]} {uri[2]}")
        elif name and name.lower() not in COUNTRY:
            found.append(name[:100])
    return found


def _coordinates(content: Step, facts: Facts) -> dict[str, Any]:
    """Latitude and longitude in degrees: both or none."""
    told = [content.get(name) for name in ("latitude", "longitude")]
    if told == [None, None]:
        return {"latitude": None, "longitude": None}
    try:
        latitude, longitude = (float(str(each)) for each in told)
    except ValueError:
        latitude, longitude = 999.0, 999.0
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        return {"latitude": round(latitude, 5), "longitude": round(longitude, 5)}
    facts.say("bad_value", field="latitude", value=f"{told[0]}, {told[1]}"[:80])
    return {"latitude": None, "longitude": None}


def _hours(schedules: Iterable[Step], facts: Facts) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Weekly hours and single days; a schedule of another shape is told as not understood."""
    weekly, days = [], []
    for each in schedules:
        times = {name: text_of(each.get(name))[:5] for name in ("opens_at", "closes_at")}
        on = text_of(each.get("dtstart") or each.get("valid_from"))
        weekdays = [day for day in text_of(each.get("byday")).split(",") if day in DAYS]
        if text_of(each.get("freq")) == "WEEKLY" and weekdays and line(each.get("interval")) in ("", "1"):
            span = {name: text_of(each.get(name)) for name in ("valid_from", "valid_to")}
            weekly += [{"weekday": DAYS.index(day) + 1, **times, **span} for day in weekdays]
        elif on and not each.get("freq"):
            days.append({"on": on, **times, "reason": line(each.get("description"))})
        elif not line(each.get("description")):
            facts.say("unknown_field", field="schedules")
    return weekly, days


def _told(schedule: Step) -> str:
    """When a service can be reached, in the source's words, else days and times."""
    if said := line(schedule.get("description")):
        return said
    times = "–".join(filter(None, (text_of(schedule.get(name))[:5] for name in ("opens_at", "closes_at"))))
    return " ".join(filter(None, [text_of(schedule.get("byday")), times]))
