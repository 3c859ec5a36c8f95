from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from opinovi.alphabet import name_key


class AreaQuerySet(models.QuerySet["Area"]):
    def regions(self) -> Self:
        return self.filter(kind=Area.Kind.REGION)

    def municipalities(self) -> Self:
        return self.filter(kind=Area.Kind.MUNICIPALITY)

    def valid_on(self, day: date | None = None) -> Self:
        """Areas in force on a day (local; today, unless given)."""
        day = day or timezone.localdate()
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )

    def within(self, area: "Area") -> Self:
        """The area itself and what lies in it: its regions, municipalities and the projects' own areas."""
        parts = Area.parts.through.objects
        near = Area.objects.filter(
            Q(pk=area.pk) | Q(parent=area.pk) | Q(pk__in=parts.filter(from_area=area.pk).values("to_area"))
        ).values("pk")
        deep = parts.filter(from_area__in=near).values("to_area")
        return self.filter(Q(pk__in=near) | Q(parent__in=near) | Q(pk__in=deep))

    def reaching(self, area: "Area") -> Self:
        """Areas a person in the area belongs to: itself, what lies in it and what it lies in."""
        parts = Area.parts.through.objects
        above = Q(kind=Area.Kind.COUNTRY) | Q(pk=area.parent_id)
        above |= Q(pk__in=Area.objects.filter(children=area.pk).values("parent"))
        above |= Q(pk__in=parts.filter(to_area__in=[area.pk, area.parent_id]).values("from_area"))
        below = Area.objects.within(area).values("pk")
        return self.filter(above | Q(pk__in=below))

    def named(self, words: str) -> Self:
        """Areas with this name in some language, this address word or this postcode."""
        if words.isdecimal():
            return self.filter(postcodes__code=words)
        name = Q(name_fi__iexact=words) | Q(name_sv__iexact=words) | Q(name_en__iexact=words)
        return self.filter(name | Q(slug=words))

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def get_by_natural_key(self, kind: str, code: str) -> "Area":
        return self.get(kind=kind, code=code)


def lies_within(column: str, area: "Area") -> Func:
    """What holds of rows whose `column` is the area or lies in it.

    The areas are an array, so that PostgreSQL asks the column's index for each of them: it expects few, where
    it would expect of a subquery nearly all areas there are.
    """
    inside = ArraySubquery(Area.objects.within(area).order_by().values("pk"))
    return Func(
        F(column),
        inside,
        template="%(expressions)s)",
        arg_joiner=" = ANY (",
        output_field=models.BooleanField(),
    )


class Area(models.Model):
    """A part of the country (alue): municipality, region, ELY area, or an area a project made its own."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        REGION = "region", _("region")
        SUBREGION = "subregion", _("sub-region")
        MUNICIPALITY = "municipality", _("municipality")
        ELY = "ely", _("ELY area")
        VITALITY = "vitality", _("vitality centre's area")
        EMPLOYMENT = "employment", _("employment area")
        PROJECT = "project", _("project's own area")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    code = models.CharField(
        _("code"),
        max_length=40,
        help_text=_(
            "The official code where there is one: Statistics Finland's for regions and municipalities."
        ),
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )
    parts = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="wholes", verbose_name=_("consists of")
    )
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors", verbose_name=_("followed by")
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=settings.LANGUAGES),
        blank=True,
        default=list,
        verbose_name=_("official languages"),
    )
    latitude = models.FloatField(_("latitude of its centre"), null=True, blank=True)
    longitude = models.FloatField(_("longitude of its centre"), null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["kind", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="area_one_per_kind_and_code",
                violation_error_message=_("There is already an area of this kind with this code."),
            ),
            models.CheckConstraint(
                name="area_ends_after_it_begins",
                condition=Q(valid_to__gte=F("valid_from"))
                | Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True),
                violation_error_message=_("An area cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.kind, self.code)

    @property
    def is_past(self) -> bool:
        return self.valid_to is not None and self.valid_to < timezone.localdate()


class PostcodeQuerySet(models.QuerySet["Postcode"]):
    def get_by_natural_key(self, code: str) -> "Postcode":
        return self.get(code=code)


class Postcode(models.Model):
    """A Finnish postcode (postinumero) and the municipality where most of it lies."""

    code = models.CharField(_("postcode"), max_length=5, unique=True)
    name = models.CharField(_("post office"), max_length=60)
    municipality = models.ForeignKey(
        Area, models.PROTECT, related_name="postcodes", verbose_name=_("municipality")
    )

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="postcode_has_five_digits",
                condition=Q(code__regex=r"^[0-9]{5}$"),
                violation_error_message=_("A Finnish postcode has five digits."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def natural_key(self) -> tuple[str]:
        return (self.code,)
