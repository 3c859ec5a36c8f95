"""What a project wants, whom it serves and what came of it."""

import secrets
from pathlib import PurePath
from typing import Self, TypeVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Max, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Area, Organisation
from opinovi.fields import ChangedAtField
from opinovi.terms import TermsField
from projects.models.project import Programme, Project


def new_reference() -> str:
    """A name by which fixtures and exports know a row that has no other name of its own."""
    return secrets.token_hex(6)


Row = TypeVar("Row", bound="Referenced")


class ReferencedQuerySet(models.QuerySet[Row]):
    def get_by_natural_key(self, reference: str) -> Row:
        return self.get(reference=reference)


class Referenced(models.Model):
    """A row known outside the database by its reference."""

    reference = models.SlugField(max_length=60, unique=True, default=new_reference, editable=False)

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[str]:
        return (self.reference,)


class Challenge(Referenced):
    """What made a project necessary (haaste)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="challenges")
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ReferencedQuerySet["Challenge"].as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class ProjectGoal(Referenced):
    """What a project, or several together, set out to do (tavoite), under a theme where there is one."""

    projects = models.ManyToManyField(
        Project,
        through="projects.GoalProject",
        related_name="goals",
        verbose_name=_("projects"),
        help_text=_("More than one when the goal is joint; it is still written once."),
    )
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ReferencedQuerySet["ProjectGoal"].as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class GoalProject(models.Model):
    """A project that pursues a goal, alone or with others (tavoitteen hanke)."""

    goal = models.ForeignKey(ProjectGoal, models.CASCADE, related_name="project_links")
    project = models.ForeignKey(Project, models.CASCADE, related_name="goal_links", verbose_name=_("project"))

    class Meta:
        verbose_name = _("goal's project")
        verbose_name_plural = _("goals' projects")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "project"],
                name="goal_project_once",
                violation_error_message=_("The project already has this goal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.goal}"


class TargetGroupQuerySet(models.QuerySet["TargetGroup"]):
    def by_order(self) -> Self:
        return self.order_by("order", "pk")

    def get_by_natural_key(self, code: str) -> "TargetGroup":
        return self.get(code=code)


class TargetGroup(models.Model):
    """People a service or a project is for (kohderyhmä), in words the whole portal shares."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    ptv_code = models.CharField(
        _("PTV code"),
        max_length=10,
        blank=True,
        help_text=_("The target group of the Finnish Service Catalogue (PTV) where one fits, such as KR1.3."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    terms = TermsField(names=("name",))

    objects = TargetGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class ProjectTargetGroupQuerySet(ReferencedQuerySet["ProjectTargetGroup"]):
    def by_reach(self) -> Self:
        """Those reached directly first, then indirectly, then in the end."""
        reaches = [
            When(reach=reach, then=Value(place)) for place, reach in enumerate(ProjectTargetGroup.Reach)
        ]
        return self.order_by(Case(*reaches), "order", "pk")


class ProjectTargetGroup(Referenced):
    """Whom a project is for, directly or not, in its own words (hankkeen kohderyhmä)."""

    class Reach(models.TextChoices):
        DIRECT = "direct", _("direct")
        INDIRECT = "indirect", _("indirect")
        FINAL = "final", _("final")

    project = models.ForeignKey(Project, models.CASCADE, related_name="target_groups")
    group = models.ForeignKey(
        TargetGroup, models.PROTECT, related_name="project_groups", verbose_name=_("target group")
    )
    reach = models.CharField(_("reach"), max_length=10, choices=Reach)
    wording = models.TextField(_("in the project's own words"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ProjectTargetGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group of a project")
        verbose_name_plural = _("target groups of projects")
        ordering = ["reach", "order", "pk"]

    def __str__(self) -> str:
        return self.wording


class Result(Referenced):
    """What a project brought about, or set out to (tulos)."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="results")
    text = models.TextField(_("text"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ReferencedQuerySet["Result"].as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def with_latest(self) -> Self:
        """Each with `latest`, its newest reading's value."""
        newest = IndicatorReading.objects.filter(indicator=OuterRef("pk")).order_by("-read_on", "-pk")
        return self.annotate(latest=Subquery(newest.values("value")[:1]), latest_on=Max("readings__read_on"))

    def get_by_natural_key(self, project: str, code: str) -> "Indicator":
        return self.get(project__slug=project, code=code)


class Indicator(models.Model):
    """A figure by which a project is judged (mittari), with its target."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="indicators")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=250)
    unit = models.CharField(_("unit"), max_length=60)
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["project", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "code"],
                name="indicator_once_per_project",
                violation_error_message=_("The project already has an indicator with this code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str]:
        return (self.project.slug, self.code)


class IndicatorReading(models.Model):
    """What an indicator showed on a day (mittarin lukema)."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="readings")
    read_on = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-read_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "read_on"],
                name="indicator_one_reading_a_day",
                violation_error_message=_("There is already a reading for this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} {self.read_on:%d.%m.%Y}"


class MaterialQuerySet(ReferencedQuerySet["Material"]):
    def published(self) -> Self:
        """Materials that are public, of a project or a programme that is public too."""
        of_project = Q(project__isnull=True) | Q(project__published_at__isnull=False)
        of_programme = Q(programme__isnull=True) | Q(programme__published_at__isnull=False)
        return self.filter(of_project, of_programme, published_at__isnull=False)

    def matching(self, word: str) -> Self:
        """Materials that have the word in their title or description in some language."""
        own = Q()
        for field in ("title", "description"):
            for language, _name in settings.LANGUAGES:
                own |= Q(**{f"{field}_{language}__icontains": word})
        return self.filter(own)

    def for_listing(self) -> Self:
        return self.select_related("project", "programme", "area", "author")


class Material(Referenced):
    """Something a project left for others to use (aineisto): a tool, guide, report or strategy."""

    class Kind(models.TextChoices):
        TOOL = "tool", _("tool")
        GUIDE = "guide", _("guide")
        REPORT = "report", _("report")
        STRATEGY = "strategy", _("strategy")
        SITE = "site", _("website")

    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="materials", verbose_name=_("project")
    )
    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name=_("programme"),
    )
    area = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("area")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True)
    author = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name=_("made by"),
    )
    file = models.FileField(_("file"), upload_to="materials/%Y/", blank=True)
    link = models.URLField(_("link"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fi")
    licence = models.CharField(_("licence"), max_length=60, blank=True, help_text=_("Such as CC BY 4.0."))
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    changed_at = ChangedAtField()
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    terms = TermsField(names=("title",), texts=("description",))

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = [F("year").desc(nulls_last=True), "order", "pk"]
        indexes = [GinIndex(fields=["terms"], name="material_terms")]
        constraints = [
            models.CheckConstraint(
                name="material_belongs_somewhere",
                condition=Q(project__isnull=False) | Q(programme__isnull=False),
                violation_error_message=_("Choose the project or the programme that made the material."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def show(self, *, is_public: bool) -> None:
        """Make the material public or a draft, when it is saved; one that is public keeps its moment."""
        if is_public != (self.published_at is not None):
            self.published_at = timezone.now() if is_public else None

    @property
    def file_name(self) -> str:
        """What the file is called when somebody saves it."""
        return PurePath(self.file.name or "").name

    @property
    def file_kind(self) -> str:
        """The kind of file as people say it: PDF, DOCX."""
        return PurePath(self.file.name or "").suffix[1:].upper()
