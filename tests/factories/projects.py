from collections.abc import Iterable
from datetime import date

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from projects.models import (
    Challenge,
    Indicator,
    IndicatorReading,
    Material,
    Programme,
    Project,
    ProjectGoal,
    ProjectPartner,
    ProjectTargetGroup,
    Result,
    TargetGroup,
)
from tests.factories.network import OrganisationFactory


class ProgrammeFactory(DjangoModelFactory):
    """A published programme."""

    class Meta:
        model = Programme

    name_fi = factory.Sequence(lambda n: f"Kehittämisohjelma {n}")
    short_name_fi = factory.Sequence(lambda n: f"Ohjelma {n}")
    slug = factory.Sequence(lambda n: f"ohjelma-{n}")
    published_at = factory.LazyFunction(timezone.now)


class ProjectFactory(DjangoModelFactory):
    """A published project that goes on; `carried_out_by=organisation` gives it an administrator."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    name_fi = factory.Sequence(lambda n: f"Hanke {n}")
    slug = factory.Sequence(lambda n: f"hanke-{n}")
    published_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def carried_out_by(self, create, organisation, **kwargs):
        if organisation:
            ProjectPartnerFactory(
                project=self, organisation=organisation, role=ProjectPartner.Role.ADMINISTRATOR
            )


class ProjectPartnerFactory(DjangoModelFactory):
    """A partner of a project."""

    class Meta:
        model = ProjectPartner

    project = factory.SubFactory(ProjectFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class ChallengeFactory(DjangoModelFactory):
    class Meta:
        model = Challenge

    project = factory.SubFactory(ProjectFactory)
    text_fi = factory.Sequence(lambda n: f"Haaste {n}")


class ProjectGoalFactory(DjangoModelFactory):
    """A goal of the projects given; joint when they are many."""

    class Meta:
        model = ProjectGoal
        skip_postgeneration_save = True

    text_fi = factory.Sequence(lambda n: f"Tavoite {n}")

    @factory.post_generation
    def projects(self, create, projects: Iterable[Project] | None, **kwargs):
        self.projects.set(projects or [ProjectFactory()])


class TargetGroupFactory(DjangoModelFactory):
    class Meta:
        model = TargetGroup

    code = factory.Sequence(lambda n: f"ryhma-{n}")
    name_fi = factory.Sequence(lambda n: f"Kohderyhmä {n}")


class ProjectTargetGroupFactory(DjangoModelFactory):
    """A group that a project is directly for."""

    class Meta:
        model = ProjectTargetGroup

    project = factory.SubFactory(ProjectFactory)
    group = factory.SubFactory(TargetGroupFactory)
    reach = ProjectTargetGroup.Reach.DIRECT
    wording_fi = factory.Sequence(lambda n: f"Omin sanoin {n}")


class ResultFactory(DjangoModelFactory):
    class Meta:
        model = Result

    project = factory.SubFactory(ProjectFactory)
    text_fi = factory.Sequence(lambda n: f"Tulos {n}")


class IndicatorFactory(DjangoModelFactory):
    """A count of people without a target."""

    class Meta:
        model = Indicator

    project = factory.SubFactory(ProjectFactory)
    code = factory.Sequence(lambda n: f"mittari-{n}")
    name_fi = factory.Sequence(lambda n: f"Mittari {n}")
    unit_fi = "henkilöä"


class IndicatorReadingFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorReading

    indicator = factory.SubFactory(IndicatorFactory)
    read_on = date(2026, 1, 31)
    value = 10


class MaterialFactory(DjangoModelFactory):
    """A published guide."""

    class Meta:
        model = Material

    project = factory.SubFactory(ProjectFactory)
    kind = Material.Kind.GUIDE
    title_fi = factory.Sequence(lambda n: f"Opas {n}")
    published_at = factory.LazyFunction(timezone.now)
