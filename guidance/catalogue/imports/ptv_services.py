"""Services of the Finnish Service Catalogue, with what their channels tell."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guidance.catalogue.imports.facts import Facts, mapping, objects, pairs, text_of
from guidance.catalogue.imports.ptv_hours import hours_text
from guidance.catalogue.imports.ptv_places import classes_of
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
from guidance.catalogue.imports.texts import LANGUAGES, Words, columns, joined, labelled, together
from guidance.catalogue.models import GuidanceLanguage, GuidanceService, ImportedKind

Way = GuidanceService.Way
Step = Mapping[str, Any]
MEETING = {"ServiceLocation": "on-site", "Phone": "phone", "EChannel": "online", "WebPage": "online"}
OWN_PLACES = {"Name", "Summary", "Description", "UserInstruction", "ChargeTypeAdditionalInfo"}
REGIONS = [f"region {number:02}" for number in range(1, 20) if number != 3]  # all but Åland (21)
AREA_KINDS = {"Municipality": "municipality", "Region": "region", "Province": "region"}


def service_of(service: Step, channels: Mapping[str, Step], *, owner: str) -> Record:
    """A neutral record of a service; of its channels those that are known by now count."""
    facts = Facts()
    own = _own_channels(service, channels, facts)
    values = {
        **columns("name", lines(service.get("serviceNames"), "Name")),
        **columns("summary", lines(service.get("serviceDescriptions"), "Summary")),
        **columns("description", _description(service, own)),
        **columns("audience", _audience(service)),
        **columns("keywords", _keywords(service)),
        **columns("fee_note", lines(service.get("serviceDescriptions"), "ChargeTypeAdditionalInfo")),
        **columns("hours_note", _phone_hours(own)),
        "languages": _languages(service, facts),
        "fee": _fee(service, facts),
        "ways": _ways(own),
        "booking": GuidanceService.Booking.NONE,
        "phone": _phone(own),
        "email": next((mail for channel in own for mail in emails(channel)), ""),
        "website": next((url for channel in own for url in websites(channel)), ""),
    }
    meeting = [MEETING[type_] for channel in own if (type_ := _type(channel)) in MEETING]
    return Record(
        ImportedKind.SERVICE,
        text_of(service.get("id")),
        values=values,
        owner=owner,
        links={
            "channels": list(dict.fromkeys(meeting)),
            "service_points": [
                text_of(c.get("id")) for c in own if _type(c) == "ServiceLocation" and is_public(c)
            ],
            "areas": _areas(service, facts),
            "target_groups": _target_groups(service),
        },
        is_published=is_public(service),
        facts=facts.list,
    )


def _phone(channels: list[Step]) -> str:
    """The number to call: that of a telephone service before that of a place."""
    ordered = sorted(channels, key=lambda channel: _type(channel) != "Phone")
    return next((number for channel in ordered for number in phone_numbers(channel)), "")


def _type(channel: Step) -> str:
    return text_of(channel.get("serviceChannelType"))


def _own_channels(service: Step, channels: Mapping[str, Step], facts: Facts) -> list[Step]:
    found = []
    for entry in objects(service.get("serviceChannels")):
        channel = mapping(entry.get("serviceChannel"))
        known = channels.get(text_of(channel.get("id")))
        if known is None:
            facts.say("no_channel", name=text_of(channel.get("name")) or text_of(channel.get("id")))
        elif is_public(known):
            found.append(known)
    return found


def _description(service: Step, channels: list[Step]) -> Words:
    """What the service is, how to come to it, and what its other channels tell."""
    entries = objects(service.get("serviceDescriptions"))
    rest = {text_of(entry.get("type")) for entry in entries} - OWN_PLACES
    about = joined(
        [texts(entries, type_) for type_ in ("Description", "UserInstruction", *sorted(rest))], "\n\n"
    )
    said = []
    for law in objects(service.get("legislation")):
        links = websites(law)
        said.append({code: " ".join([name, *links]) for code, name in lines(law.get("names")).items()})
    said += [_channel_text(channel) for channel in channels if _type(channel) != "ServiceLocation"]
    named: dict[str, list[str]] = {"Producer": [], "Responsible": []}
    for entry in objects(service.get("organizations")):
        name = text_of(mapping(entry.get("organization")).get("name"))
        named.setdefault(text_of(entry.get("roleType")), []).append(name)
    others = [name for name in dict.fromkeys(named["Producer"]) if name and name not in named["Responsible"]]
    said.append(labelled(_("Produced by"), dict.fromkeys(LANGUAGES, ", ".join(others)) if others else {}))
    return together(about, said, "\n\n")


def _channel_text(channel: Step) -> Words:
    """A channel that is no place: its name, what it is for, numbers, links and hours."""
    found = {}
    summary, more = (
        texts(channel.get("serviceChannelDescriptions"), kind) for kind in ("Summary", "Description")
    )
    hours = hours_text(channel)
    contacts = [*phone_lines(channel), *emails(channel), *websites(channel)]
    for code, name in lines(channel.get("serviceChannelNames"), "Name").items():
        said = [summary.get(code, ""), more.get(code, ""), ", ".join(contacts), hours.get(code, "")]
        found[code] = "\n– ".join([name, *(text for text in said if text)])
    return found


def _audience(service: Step) -> Words:
    """Conditions, and the target groups in the catalogue's own words."""
    groups = joined(words for words in names(service.get("targetGroups")) if words)
    conditions = texts(service.get("requirements"))
    return together(conditions, [groups], "\n\n") if conditions else groups


def _keywords(service: Step) -> Words:
    free = {code: ", ".join(words) for code, words in pairs(service.get("keywords")).items()}
    other = lines(service.get("serviceNames"), "AlternativeName")
    return joined([text for text in (other, free, *classes_of(service)) if text])


def _phone_hours(channels: list[Step]) -> Words:
    texts_ = [hours_text(channel) for channel in channels if _type(channel) == "Phone"]
    return joined(text for text in texts_ if text)


def _languages(service: Step, facts: Facts) -> list[str]:
    found = []
    languages = service.get("languages")
    for code in languages if isinstance(languages, list) else []:
        if code in GuidanceLanguage.values:
            found.append(code)
        else:
            facts.say("unknown_code", field="languages", code=str(code)[:20])
    return found


def _fee(service: Step, facts: Facts) -> int | None:
    charge = text_of(service.get("serviceChargeType"))
    if charge not in {"", "FreeOfCharge", "Free", "Chargeable", "Charged", "Other"}:
        facts.say("unknown_code", field="fee", code=charge)
    return 0 if charge in {"FreeOfCharge", "Free"} else None


def _ways(channels: list[Step]) -> list[str]:
    found = set()
    for channel in channels:
        hours = objects(channel.get("serviceHours"))
        if _type(channel) == "ServiceLocation":
            if any(entry.get("isReservation") is True for entry in hours):
                found.add(Way.BOOK)
            if any(entry.get("isReservation") is not True for entry in hours):
                found.add(Way.DROP_IN)
        if _type(channel) == "Phone":
            found.add(Way.CALL)
        if emails(channel):
            found.add(Way.WRITE)
    return [way for way in Way if way in found]


def _areas(service: Step, facts: Facts) -> list[str]:
    """Codes of areas; none for the whole country. An unknown kind counts as its municipalities."""
    type_ = text_of(service.get("areaType"))
    if type_ == "NationwideExceptAlandIslands":
        return REGIONS
    if type_ not in {"LimitedType", "AreaType"}:
        return []
    found = []
    for area in objects(service.get("areas")):
        kind, code = text_of(area.get("type")), text_of(area.get("code"))
        if kind in AREA_KINDS:
            found.append(f"{AREA_KINDS[kind]} {code}")
            continue
        towns = [text_of(town.get("code")) for town in objects(area.get("municipalities"))]
        found += [f"municipality {town}" for town in towns if town]
        if not towns:
            facts.say("unknown_code", field="areas", code=f"{kind} {code}")
    return found


def _target_groups(service: Step) -> list[str]:
    """Codes of target groups; what has no group here stands in the text of whom it is for."""
    return [text_of(group.get("code")) for group in objects(service.get("targetGroups"))]
