from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from network.business_id import SHAPE, validate_business_id
from network.identifiers import NamedUuid
from network.models.area import Area
from opinovi.alphabet import name_key
from opinovi.fields import ChangedAtField
from opinovi.models import User
from opinovi.terms import TermsField


class SectorQuerySet(models.QuerySet["Sector"]):
    def get_by_natural_key(self, code: str) -> "Sector":
        return self.get(code=code)


class Sector(models.Model):
    """What part of society an organisation belongs to (toimiala verkostossa), such as education providers."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def current(self) -> Self:
        """Organisations that still exist."""
        return self.filter(ended_on__isnull=True)

    def editable_by(self, user: User) -> Self:
        """Organisations where the user is coordinator today; all of them for an administrator."""
        roles = user.affiliations.current()
        own = Q(pk__in=roles.coordinators().values("organisation"))
        return self.filter(Exists(roles.administrators()) | own)

    def matching(self, word: str) -> Self:
        """Organisations that have the word in their name in some language, or as their business ID."""
        return self.filter(
            Q(name_fi__icontains=word)
            | Q(name_sv__icontains=word)
            | Q(name_en__icontains=word)
            | Q(business_id=word)
        )

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("sector", "home_municipality", "parent")

    def get_by_natural_key(self, slug: str) -> "Organisation":
        return self.get(slug=slug)


class Organisation(models.Model):
    """A school, office, association or company of the field (organisaatio)."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="organisations", verbose_name=_("sector"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name=_("part of")
    )
    business_id = models.CharField(
        _("business ID"),
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_business_id],
        help_text=_("For example 0109862-8."),
    )
    home_municipality = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        limit_choices_to={"kind": Area.Kind.MUNICIPALITY},
        verbose_name=_("home municipality"),
    )
    description = models.TextField(_("description"), blank=True)
    website = models.URLField(_("website"), blank=True)
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors", verbose_name=_("followed by")
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(names=("name",), texts=("description", "business_id"))

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["slug"]
        indexes = [
            GinIndex(fields=["terms"], name="organisation_terms"),
            models.Index(NamedUuid("organization"), name="organisation_open_id"),
        ]
        constraints = [
            models.CheckConstraint(
                name="organisation_business_id_shape",
                condition=Q(business_id__isnull=True) | Q(business_id__regex=SHAPE),
                violation_error_message=_("Write the business ID as 1234567-8."),
            ),
            models.CheckConstraint(
                name="organisation_not_part_of_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("pk")),
                violation_error_message=_("An organisation cannot be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    def clean(self) -> None:
        super().clean()
        self.business_id = self.business_id or None


class ContactQuerySet(models.QuerySet["Contact"]):
    def reminded(self) -> Self:
        """Contacts that letters can reach; of each organisation's the first is the one who gets them."""
        reached = self.exclude(email="")
        return reached.order_by("organisation", "-receives_reminders", "name", "pk")


class Contact(models.Model):
    """A person or desk to ask at an organisation (yhteyshenkilö); needs no account."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="contacts", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title or task"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_public = models.BooleanField(
        _("shown to everybody"), default=False, help_text=_("Otherwise only people at work see the contact.")
    )
    receives_reminders = models.BooleanField(
        _("gets the letters that ask to check what we say of the organisation"),
        default=False,
        help_text=_("If nobody does, they go to the first contact with an e-mail address."),
    )
    language = models.CharField(
        _("language of the letters"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="contact_can_be_reached",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message=_("Give an e-mail address or a phone number."),
            ),
            models.CheckConstraint(
                name="contact_reminded_by_email",
                condition=Q(receives_reminders=False) | ~Q(email=""),
                violation_error_message=_("Letters need an e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
