"""Records of version 12 of the catalogue's interface, in the shape of version 11."""

from collections.abc import Mapping
from typing import Any

from guidance.catalogue.imports.facts import mapping, objects, text_of

TEXT_TYPES = {
    "summary": "Summary",
    "description": "Description",
    "userInstructions": "UserInstruction",
    "chargeTypeAdditionalInformation": "ChargeTypeAdditionalInfo",
}
AREA_TYPES = {
    "WholeCountry": "Nationwide",
    "WholeCountryExceptAland": "NationwideExceptAlandIslands",
    "LimitedArea": "LimitedType",
}
CHANNEL_TYPES = {"TelephoneService": "Phone", "EService": "EChannel"}


def in_version_11(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of version 12 as version 11 would have it; any other as it is."""
    versions = record.get("languageVersions")
    if "contentId" not in record or not isinstance(versions, Mapping):
        return dict(record)
    found: dict[str, Any] = {
        "id": record["contentId"],
        "publishingStatus": record.get("publishingStatus") or "Published",
        "sourceVersion": 12,
        **_area(mapping(record.get("area"))),
    }
    words = {code: mapping(version) for code, version in versions.items()}
    if "channelType" in record or "serviceChannelType" in record:
        return {**found, **_channel(record, words)}
    if "serviceType" in record or "serviceLanguages" in record or "targetGroups" in record:
        return {**found, **_service(record, words)}
    return {**found, **_organisation(record, words)}


def _texts(words: dict[str, Mapping[str, Any]], types: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"language": code, "value": version[key], "type": type_}
        for code, version in words.items()
        for key, type_ in types.items()
        if version.get(key)
    ]


def _service(record: Mapping[str, Any], words: dict[str, Mapping[str, Any]]) -> dict[str, Any]:
    charge = {"Free": "FreeOfCharge", "Charged": "Chargeable"}
    owner = text_of(record.get("organizationContentId"))
    channels = (
        record.get("serviceChannels") or record.get("connections") or record.get("serviceChannelContentIds")
    )
    return {
        "serviceNames": _texts(words, {"name": "Name", "alternativeName": "AlternativeName"}),
        "serviceDescriptions": _texts(words, TEXT_TYPES),
        "requirements": _texts(words, {"conditions": "Requirement"}),
        "keywords": [
            {"language": code, "value": word}
            for code, version in words.items()
            for word in version.get("freelyAssignedKeywords") or []
        ],
        "languages": record.get("serviceLanguages") or [],
        "serviceChargeType": charge.get(text_of(record.get("chargeType")), ""),
        "type": text_of(record.get("serviceType")),
        **{
            name: _codes(record.get(name))
            for name in ("targetGroups", "serviceClasses", "ontologyTerms", "lifeEvents")
        },
        "organizations": [{"roleType": "Responsible", "organization": {"id": owner}}] if owner else [],
        "serviceChannels": [{"serviceChannel": {"id": _id(each)}} for each in _list(channels)],
    }


def _channel(record: Mapping[str, Any], words: dict[str, Mapping[str, Any]]) -> dict[str, Any]:
    type_ = text_of(record.get("channelType")) or text_of(record.get("serviceChannelType"))
    same = ("phoneNumbers", "emails", "webPages", "addresses", "languages")
    return {
        "serviceChannelType": CHANNEL_TYPES.get(type_, type_),
        "organizationId": text_of(record.get("organizationContentId")),
        "serviceChannelNames": _texts(words, {"name": "Name", "alternativeName": "AlternativeName"}),
        "serviceChannelDescriptions": _texts(words, TEXT_TYPES),
        **{name: record[name] for name in same if record.get(name)},
        "serviceHours": _hours(record.get("serviceHours")),
    }


def _organisation(record: Mapping[str, Any], words: dict[str, Mapping[str, Any]]) -> dict[str, Any]:
    same = (
        "businessCode",
        "organizationType",
        "municipality",
        "phoneNumbers",
        "emails",
        "webPages",
        "addresses",
    )
    return {
        "organizationNames": _texts(words, {"name": "Name", "alternativeName": "AlternativeName"}),
        "organizationDescriptions": _texts(words, TEXT_TYPES),
        **{name: record[name] for name in same if record.get(name)},
    }


def _area(area: Mapping[str, Any]) -> dict[str, Any]:
    kinds = {
        "municipalities": "Municipality",
        "regions": "Region",
        "wellbeingServicesCounties": "WellbeingServicesCounty",
    }
    return {
        "areaType": AREA_TYPES.get(text_of(area.get("areaType")), text_of(area.get("areaType"))),
        "areas": [
            {"type": kind, "code": code if isinstance(code, str) else text_of(mapping(code).get("code"))}
            for name, kind in kinds.items()
            for code in _list(area.get(name))
        ],
    }


def _hours(hours: Any) -> list[dict[str, Any]]:
    """The hours of version 12 (`{"hours": [{"type": "WeeklyDateRange", …}]}`) as version 11 writes them."""
    if isinstance(hours, list):
        return [dict(each) for each in objects(hours)]
    found = []
    for each in objects(mapping(hours).get("hours")):
        type_ = text_of(each.get("type")) or text_of(each.get("serviceHourType"))
        kind = next((kind for kind in ("Exceptional", "OverMidnight") if kind in type_), "DaysOfTheWeek")
        found.append(
            {
                "serviceHourType": kind,
                "validFrom": each.get("validFrom") or each.get("startDate"),
                "validTo": each.get("validTo") or each.get("endDate"),
                "validForNow": type_.endswith("UntilFurtherNotice"),
                "isClosed": each.get("isClosed") is True,
                "isAlwaysOpen": type_.startswith("Continuous"),
                "isReservation": text_of(each.get("openingStatus")) == "OpenOnReservation",
                "additionalInformation": each.get("additionalInformation") or [],
                "openingHour": each.get("openingHour") or each.get("openingHours") or [],
            }
        )
    return found


def _codes(entries: Any) -> list[dict[str, Any]]:
    return [
        {"code": each, "name": []} if isinstance(each, str) else dict(mapping(each))
        for each in _list(entries)
    ]


def _id(each: Any) -> str:
    if isinstance(each, str):
        return each
    keys = ("serviceChannelContentId", "contentId", "id")
    return next((text_of(mapping(each).get(key)) for key in keys if mapping(each).get(key)), "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
