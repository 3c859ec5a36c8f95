from typing import Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Area, Organisation, ServicePoint
from opinovi.alphabet import name_key
from opinovi.fields import ChangedAtField
from opinovi.models import User
from opinovi.terms import TermsField


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def get_by_natural_key(self, slug: str) -> "Programme":
        return self.get(slug=slug)


class Programme(models.Model):
    """A national development programme (kehittämisohjelma) that gathers projects."""

    name = models.CharField(_("name"), max_length=250)
    short_name = models.CharField(_("short name"), max_length=60)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    summary = models.TextField(_("summary"), blank=True)
    aims = models.TextField(_("what it aimed at"), blank=True)
    vision = models.TextField(_("vision"), blank=True)
    achievements = models.TextField(_("what it brought about"), blank=True)
    sources = models.TextField(_("where the facts come from"), blank=True)
    starts_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    ends_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    project_count = models.PositiveSmallIntegerField(
        _("number of projects"),
        null=True,
        blank=True,
        help_text=_("How many projects the programme had, whether or not all are in the portal."),
    )
    areas = models.ManyToManyField(Area, blank=True, related_name="programmes", verbose_name=_("areas"))
    authorities = models.ManyToManyField(
        Organisation,
        blank=True,
        related_name="programmes",
        verbose_name=_("carried out by"),
        help_text=_("The ministries and funders behind the programme."),
    )
    website = models.URLField(_("website"), blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                name="programme_ends_after_it_begins",
                condition=Q(ends_year__gte=F("starts_year"))
                | Q(ends_year__isnull=True)
                | Q(starts_year__isnull=True),
                violation_error_message=_("A programme cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class ProjectQuerySet(models.QuerySet["Project"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def editable_by(self, user: User) -> Self:
        """Projects carried out by an organisation where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        carried_out = ProjectPartner.objects.carrying_out().filter(
            organisation__in=roles.coordinators().values("organisation")
        )
        return self.filter(Exists(roles.administrators()) | Q(pk__in=carried_out.values("project")))

    def within(self, area: Area) -> Self:
        """Projects that work in the area, in a part of it or in a whole that holds it."""
        links = ProjectArea.objects.filter(area__in=Area.objects.reaching(area))
        return self.filter(pk__in=links.values("project"))

    def meant_for(self, group: models.Model) -> Self:
        """Projects that name a target group as theirs, directly or not."""
        return self.filter(pk__in=Project.objects.filter(target_groups__group=group.pk).values("pk"))

    def matching(self, word: str) -> Self:
        """Projects that have the word in their name or texts, or in the name of who carries them out."""
        own = Q()
        for field in ("name", "summary", "aim", "approach", "partners__organisation__name"):
            for language, _name in settings.LANGUAGES:
                own |= Q(**{f"{field}_{language}__icontains": word})
        return self.filter(pk__in=Project.objects.filter(own).values("pk"))

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_listing(self) -> Self:
        return self.select_related("programme").prefetch_related("areas")

    def get_by_natural_key(self, slug: str) -> "Project":
        return self.get(slug=slug)


class Project(models.Model):
    """A regional development project (hanke)."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("programme")
    )
    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("address word"), max_length=120, unique=True)
    summary = models.TextField(_("summary"), blank=True)
    background = models.TextField(_("background"), blank=True, help_text=_("Why the project is needed."))
    approach = models.TextField(_("how it works"), blank=True)
    aim = models.TextField(_("main aim"), blank=True)
    cooperation = models.TextField(_("cooperation and network"), blank=True)
    legacy = models.TextField(_("what lives on"), blank=True)
    areas = models.ManyToManyField(
        Area, through="projects.ProjectArea", blank=True, related_name="projects", verbose_name=_("areas")
    )
    service_points = models.ManyToManyField(
        ServicePoint,
        through="projects.ProjectServicePoint",
        blank=True,
        related_name="projects",
        verbose_name=_("service points"),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    budget = models.DecimalField(_("budget, €"), max_digits=12, decimal_places=2, null=True, blank=True)
    budget_note = models.CharField(_("what the budget holds"), max_length=200, blank=True)
    network_size = models.PositiveSmallIntegerField(
        _("organisations in its network"),
        null=True,
        blank=True,
        help_text=_("As the project tells it, whether or not all are in the portal."),
    )
    website = models.URLField(_("website"), blank=True)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(
        names=("name",), texts=("summary", "background", "approach", "aim", "cooperation", "legacy")
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["slug"]
        indexes = [GinIndex(fields=["terms"], name="project_terms")]
        constraints = [
            models.CheckConstraint(
                name="project_ends_after_it_begins",
                condition=Q(ends_on__gte=F("starts_on"))
                | Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True),
                violation_error_message=_("A project cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="project_budget_not_negative",
                condition=Q(budget__gte=0) | Q(budget__isnull=True),
                violation_error_message=_("A budget cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def has_ended(self) -> bool:
        """Whether its last day is past or, where that is not known, its programme's last year."""
        today = timezone.localdate()
        if self.ends_on:
            return self.ends_on < today
        return bool(self.programme and self.programme.ends_year and self.programme.ends_year < today.year)


class ProjectArea(models.Model):
    """An area a project works in (toiminta-alue); a row of its own, so that its history is kept."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="area_links")
    area = models.ForeignKey(Area, models.PROTECT, related_name="project_links", verbose_name=_("area"))

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "area"],
                name="project_area_once",
                violation_error_message=_("The project already has this area."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.area)


class ProjectServicePoint(models.Model):
    """A service point that a project set up or works in (hankkeen palvelupiste)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="service_point_links")
    service_point = models.ForeignKey(
        ServicePoint, models.PROTECT, related_name="project_links", verbose_name=_("service point")
    )

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "service_point"],
                name="project_service_point_once",
                violation_error_message=_("The project already has this service point."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_point)


class ProjectPartnerQuerySet(models.QuerySet["ProjectPartner"]):
    def carrying_out(self) -> Self:
        """Those who run the project: its administrator, implementers and co-implementers."""
        role = ProjectPartner.Role
        return self.filter(role__in=[role.ADMINISTRATOR, role.IMPLEMENTER, role.CO_IMPLEMENTER])

    def by_role(self) -> Self:
        """In the order of the roles: who answers for the project first, who pays for it last."""
        roles = [When(role=role, then=Value(place)) for place, role in enumerate(ProjectPartner.Role)]
        return self.order_by(Case(*roles), "order", "pk")

    def for_listing(self) -> Self:
        return self.select_related("organisation__sector", "organisation__parent")

    def get_by_natural_key(self, project: str, organisation: str, role: str) -> "ProjectPartner":
        return self.get(project__slug=project, organisation__slug=organisation, role=role)


class ProjectPartner(models.Model):
    """An organisation's part in a project (toteuttaja, hallinnoija, kumppani, rahoittaja)."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("administrator of the project")
        IMPLEMENTER = "implementer", _("implementer")
        CO_IMPLEMENTER = "co_implementer", _("co-implementer")
        PARTNER = "partner", _("partner")
        FUNDER = "funder", _("funder")

    project = models.ForeignKey(Project, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="project_parts", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=15, choices=Role, default=Role.PARTNER)
    note = models.CharField(
        _("note"), max_length=250, blank=True, help_text=_("Such as the unit that takes part.")
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ProjectPartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["project", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation", "role"],
                name="project_partner_once_per_role",
                violation_error_message=_("The organisation already has this role in the project."),
            ),
            models.CheckConstraint(
                name="project_partner_ends_after_it_begins",
                condition=Q(until__gte=F("since")) | Q(until__isnull=True) | Q(since__isnull=True),
                violation_error_message=_("A partner cannot leave before it joins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ({self.get_role_display()})"

    def natural_key(self) -> tuple[str, str, str]:
        return (self.project.slug, self.organisation.slug, self.role)

    @property
    def is_key_role(self) -> bool:
        """Whether the table of facts names the organisation: it answers for the project or pays for it."""
        return self.role in {self.Role.ADMINISTRATOR, self.Role.IMPLEMENTER, self.Role.FUNDER}

    @property
    def role_heading(self) -> str:
        """What those who have the role are called together."""
        headings = {
            self.Role.ADMINISTRATOR: _("Administers the project"),
            self.Role.IMPLEMENTER: _("Carries it out"),
            self.Role.CO_IMPLEMENTER: _("Carry out parts of it"),
            self.Role.PARTNER: _("Partners"),
            self.Role.FUNDER: _("Funders"),
        }
        return str(headings[self.Role(self.role)])
