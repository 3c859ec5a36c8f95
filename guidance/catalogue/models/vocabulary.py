"""Word lists that sort what can be found, and columns that several models share."""

from typing import TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, NullIf, Upper
from django.utils.translation import gettext_lazy as _

from opinovi.alphabet import SortKey
from opinovi.terms import TermsField


class GuidanceLanguage(models.TextChoices):
    """Languages in which guidance and training are given (ISO 639-1)."""

    FINNISH = "fi", _("Finnish")
    SWEDISH = "sv", _("Swedish")
    ENGLISH = "en", _("English")
    SAMI = "se", _("Northern Sámi")
    RUSSIAN = "ru", _("Russian")
    UKRAINIAN = "uk", _("Ukrainian")
    ARABIC = "ar", _("Arabic")
    ESTONIAN = "et", _("Estonian")
    SOMALI = "so", _("Somali")


def language_codes() -> ArrayField:
    """A field that holds the languages in which something is given."""
    return ArrayField(
        models.CharField(max_length=2, choices=GuidanceLanguage), default=list, verbose_name=_("languages")
    )


def names_of(codes: list[str]) -> list[str]:
    """What the languages are called, in the reader's own."""
    return [str(GuidanceLanguage(code).label) for code in codes]


def searched_names_of(codes: list[str]) -> list[str]:
    """The languages by whose names people search: all but Finnish, in which nearly everything is given."""
    return names_of([code for code in codes if code != GuidanceLanguage.FINNISH])


def names_index(name: str) -> GinIndex:
    """Finds a part of a name in any language, such as the end of a Finnish compound; `icontains` asks it."""
    return GinIndex(
        *(OpClass(Upper(f"name_{code}"), name="gin_trgm_ops") for code in ("fi", "sv", "en")), name=name
    )


def name_order_indexes(name: str) -> list[models.Index]:
    """Let a long list be cut to a page in the order of names, in each of the languages; see `name_key`."""
    keys: dict[str, F | Coalesce] = {"fi": F("name_fi")}
    keys |= {code: Coalesce(NullIf(F(f"name_{code}"), Value("")), F("name_fi")) for code in ("sv", "en")}
    return [models.Index(SortKey(key), "id", name=f"{name}_{code}") for code, key in keys.items()]


def same_name_indexes(name: str) -> list[models.Index]:
    """Find the rows of just one name, in any language and whatever its capitals; `iexact` asks them."""
    return [models.Index(Upper(f"name_{code}"), name=f"{name}_{code}") for code in ("fi", "sv", "en")]


def newest_first_index(name: str) -> models.Index:
    """Let a feed read what was published last without sorting all the rest."""
    is_published = Q(published_at__isnull=False)
    return models.Index(fields=["-published_at", "-id"], condition=is_published, name=name)


Word = TypeVar("Word", bound="Vocabulary")


class VocabularyQuerySet(models.QuerySet[Word]):
    def get_by_natural_key(self, code: str) -> Word:
        return self.get(code=code)


class Vocabulary(models.Model):
    """A word list that an administrator keeps."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class GuidanceTopic(Vocabulary):
    """What guidance can be about (ohjauksen aihe)."""

    FINANCING = "financing"  # the code of the topic that pages about money lead to

    terms = TermsField(names=("name",))

    objects = VocabularyQuerySet["GuidanceTopic"].as_manager()

    class Meta(Vocabulary.Meta):
        verbose_name = _("guidance topic")
        verbose_name_plural = _("guidance topics")


class Channel(Vocabulary):
    """How a person and a counsellor meet (asiointikanava): on site, phone, video, home visit, online."""

    needs_place = models.BooleanField(
        _("needs a place"), default=False, help_text=_("The meeting is at a service point.")
    )
    needs_phone = models.BooleanField(
        _("needs a phone number"), default=False, help_text=_("The counsellor calls the person.")
    )
    needs_address = models.BooleanField(
        _("needs an address"), default=False, help_text=_("The counsellor comes to the person.")
    )
    needs_link = models.BooleanField(
        _("needs a link"),
        default=False,
        help_text=_("Each meeting has a link of its own, as for a video call."),
    )

    objects = VocabularyQuerySet["Channel"].as_manager()

    class Meta(Vocabulary.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
