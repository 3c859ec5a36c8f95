from modeltranslation.translator import TranslationOptions, register

from network.history import keep_history
from network.models import (
    Affiliation,
    Agreement,
    Area,
    Contact,
    Network,
    NetworkMembership,
    OpeningHours,
    Organisation,
    Postcode,
    RouteStop,
    Sector,
    ServicePoint,
)


@register(Area)
class AreaTranslation(TranslationOptions):
    fields = ("name",)


@register(Postcode)
class PostcodeTranslation(TranslationOptions):
    fields = ("name",)


@register(Sector)
class SectorTranslation(TranslationOptions):
    fields = ("name",)


@register(Organisation)
class OrganisationTranslation(TranslationOptions):
    fields = ("name", "description")


@register(Contact)
class ContactTranslation(TranslationOptions):
    fields = ("title",)


@register(ServicePoint)
class ServicePointTranslation(TranslationOptions):
    fields = ("name", "description", "directions")


@register(Network)
class NetworkTranslation(TranslationOptions):
    fields = ("name", "description")


keep_history(
    Organisation,
    Contact,
    ServicePoint,
    OpeningHours,
    RouteStop,
    Network,
    NetworkMembership,
    Agreement,
    Affiliation,
)
