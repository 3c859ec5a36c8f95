"""Organisations and places of the Finnish Service Catalogue."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports.facts import Facts, mapping, objects, text_of
from guidance.catalogue.imports.ptv_hours import exceptional_days, weekly_hours
from guidance.catalogue.imports.ptv_texts import (
    emails,
    is_public,
    lines,
    names,
    phone_lines,
    phone_numbers,
    texts,
    websites,
)
from guidance.catalogue.imports.records import Record
from guidance.catalogue.imports.texts import LANGUAGES, Words, columns, first, joined, labelled, together
from guidance.catalogue.imports.tm35 import to_degrees
from guidance.catalogue.models import ImportedKind
from network.business_id import validate_business_id

SECTORS = {
    "Municipality": "municipality",
    "State": "other-public",
    "RegionalOrganization": "other-public",
    "Region": "other-public",
    "Organization": "third-sector",
    "Company": "company",
}
Step = Mapping[str, Any]


def organisation_of(content: Step) -> Record:
    """A neutral record of an organisation."""
    facts = Facts()
    sites = websites(content)
    about = [texts(content.get("organizationDescriptions"), kind) for kind in ("Summary", "Description")]
    said = [
        labelled(_("Also known as"), lines(content.get("organizationNames"), "AlternativeName")),
        labelled(_("E-mail"), _in_all(emails(content))),
        labelled(_("Phone"), _in_all(phone_lines(content))),
        labelled(_("Address"), _addresses(content)),
        labelled(_("Websites"), _in_all(sites[1:])),
    ]
    values: dict[str, Any] = {
        **columns("name", lines(content.get("organizationNames"), "Name")),
        **columns("description", together(joined(about, "\n\n"), said, "\n\n")),
        "website": sites[0] if sites else "",
    }
    if business_id := text_of(content.get("businessCode")):
        try:
            validate_business_id(business_id)
            values["business_id"] = business_id
        except ValidationError:
            facts.say("bad_value", field="business_id", value=business_id)
    type_ = text_of(content.get("organizationType"))
    if type_ and type_ not in SECTORS:
        facts.say("unknown_code", field="sector", code=type_)
    town = text_of(mapping(content.get("municipality")).get("code"))
    return Record(
        ImportedKind.ORGANISATION,
        text_of(content.get("id")),
        values=values,
        links={"sector": [SECTORS.get(type_, "other-public")], "home_municipality": [town] if town else []},
        is_published=is_public(content),
        facts=facts.list,
    )


def point_of(channel: Step) -> Record:
    """A neutral record of a place where a service is given."""
    facts = Facts()
    address = _visiting_address(channel)
    street = mapping(address.get("streetAddress"))
    town = text_of(mapping(street.get("municipality")).get("code"))
    phones, mails = phone_numbers(channel), emails(channel)
    about = [texts(channel.get("serviceChannelDescriptions"), kind) for kind in ("Summary", "Description")]
    said = [
        labelled(_("Also known as"), lines(channel.get("serviceChannelNames"), "AlternativeName")),
        labelled(_("Phone"), _in_all(phone_lines(channel))),
        labelled(_("E-mail"), _in_all(mails[1:])),
        labelled(_("Websites"), _in_all(websites(channel))),
        *(
            texts(h.get("additionalInformation"))
            for h in objects(channel.get("serviceHours"))
            if h.get("serviceHourType") != "Exceptional"
        ),
    ]
    values = {
        **columns("name", lines(channel.get("serviceChannelNames"), "Name")),
        **columns("description", together(joined(about, "\n\n"), said, "\n\n")),
        **columns("directions", joined([text for text in _directions(address) if text], "\n\n")),
        "street_address": _street(street),
        "postcode": text_of(street.get("postalCode")),
        **_coordinates(street, facts),
        "phone": phones[0] if phones else "",
        "email": mails[0] if mails else "",
    }
    return Record(
        ImportedKind.SERVICE_POINT,
        text_of(channel.get("id")),
        values=values,
        owner=text_of(channel.get("organizationId")),
        links={"municipality": [town] if town else []},
        parts={
            "opening_hours": weekly_hours(channel, facts),
            "opening_exceptions": exceptional_days(channel, facts),
        },
        is_published=is_public(channel),
        facts=facts.list,
    )


def _visiting_address(channel: Step) -> Step:
    """The address one comes to: one of a location before a postal one."""
    addresses = [each for each in objects(channel.get("addresses")) if mapping(each.get("streetAddress"))]
    return next(
        (each for each in addresses if text_of(each.get("type")) != "Postal"),
        addresses[0] if addresses else {},
    )


def _street(street: Step) -> str:
    name = first(lines(street.get("street")))
    return f"{name} {text_of(street.get('streetNumber'))}".strip()


def _directions(address: Step) -> list[Words]:
    """How to get there: what is said of the address, and of each entrance."""
    found = [texts(mapping(address.get("streetAddress")).get("additionalInformation"))]
    for entrance in objects(address.get("entrances")):
        said = [lines(entrance.get("name"))]
        for group in objects(entrance.get("accessibilitySentences")):
            sentences = [lines(each.get("sentence")) for each in objects(group.get("sentences"))]
            said += [lines(group.get("sentenceGroup")), joined(sentences, " ")]
        found.append(joined([text for text in said if text], ": "))
    return found


def _coordinates(street: Step, facts: Facts) -> dict[str, Any]:
    """Latitude and longitude out of the plane coordinates; none where they are not in Finland."""
    nowhere = {"latitude": None, "longitude": None}
    try:
        north, east = float(street["latitude"]), float(street["longitude"])
    except (KeyError, TypeError, ValueError):
        return nowhere
    if not (6_500_000 < north < 7_900_000 and 0 < east < 1_000_000):
        facts.say("bad_value", field="latitude", value=f"{street['latitude']}, {street['longitude']}")
        return nowhere
    latitude, longitude = to_degrees(north, east)
    return {"latitude": round(latitude, 5), "longitude": round(longitude, 5)}


def _addresses(content: Step) -> Words:
    found = []
    for address in objects(content.get("addresses")):
        street = mapping(address.get("streetAddress")) or mapping(address.get("postOfficeBoxAddress"))
        office = first(lines(street.get("postOffice")))
        box = first(lines(street.get("postOfficeBox")))
        found.append(f"{_street(street) or box}, {text_of(street.get('postalCode'))} {office}".strip(", "))
    return _in_all([text for text in found if text])


def _in_all(words: list[str]) -> Words:
    return dict.fromkeys(LANGUAGES, ", ".join(words)) if words else {}


def classes_of(content: Step) -> list[Words]:
    """The names of what a service is filed under: classes, terms, life events."""
    return [
        words
        for key in ("serviceClasses", "ontologyTerms", "lifeEvents")
        for words in names(content.get(key))
        if words
    ]
