"""How training options are looked for, and whether one can apply for them today."""

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import JSONObject
from django.utils import timezone

from guidance.catalogue.models.application_round import ApplicationRound, ApplicationRoundQuerySet
from network.models import Area
from network.models.area import lies_within
from opinovi.alphabet import name_key
from opinovi.models import User

if TYPE_CHECKING:
    from guidance.catalogue.models.training_option import TrainingOption


class TrainingOptionQuerySet(models.QuerySet["TrainingOption"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False, provider__published_at__isnull=False)

    def open(self) -> Self:
        """Training one can apply for today (local), in its own round or a further one."""
        return self.filter(is_open())

    def within(self, area: Area) -> Self:
        """Training given in the area, and what is studied at a distance without any place of its own."""
        through: Any = self.model.municipalities.through
        places = through.objects.filter(trainingoption=OuterRef("pk"))
        here = Q(pk__in=through.objects.filter(lies_within("area", area)).values("trainingoption"))
        anywhere = Q(mode__in=[self.model.Mode.DISTANCE, self.model.Mode.SELF_PACED]) & ~Exists(places)
        return self.filter(here | anywhere)

    def soonest_first(self) -> Self:
        """What closes soonest, then what is always open, what opens later, and last what has closed."""
        own_is_open, others = _own_round_is_open(), _rounds().open()
        turn = Case(
            When(is_rolling=True, then=1),
            When(own_is_open | Exists(others), then=0),
            When(Q(applications_from__gt=timezone.localdate()) | Exists(_rounds().unended()), then=3),
            When(applications_to__lt=timezone.localdate(), then=4),
            default=2,
        )
        until = Case(
            When(Q(is_rolling=True) | own_is_open, then=F("applications_to")),
            When(Exists(others), then=Subquery(others.values("closes_on")[:1])),
            When(
                Exists(_rounds().unended()),
                applications_to__lt=timezone.localdate(),
                then=Subquery(_rounds().unended().values("closes_on")[:1]),
            ),
            default=F("applications_to"),
        )
        return self.order_by(turn, until, "pk")

    def editable_by(self, user: User) -> Self:
        """Training of the organisations where the user is coordinator; all for an administrator."""
        roles = user.affiliations.current()
        own = Q(provider__in=roles.coordinators().values("organisation"))
        return self.filter(Exists(roles.administrators()) | own)

    def by_name(self) -> Self:
        return self.order_by(name_key(), "pk")

    def for_summary(self) -> Self:
        """With the provider, and the further rounds in the same query (see `Applying`)."""
        told = JSONObject(opens_on="opens_on", closes_on="closes_on", name="name")
        rounds = _rounds().values(told=told)
        return self.select_related("provider").annotate(told_rounds=ArraySubquery(rounds))

    def for_listing(self) -> Self:
        return self.for_summary().prefetch_related("municipalities")

    def get_by_natural_key(self, slug: str) -> "TrainingOption":
        return self.get(slug=slug)


def _own_round_is_open() -> Q:
    """The training's own round is open today (local); without a last day until the places are taken."""
    today = timezone.localdate()
    unended = Q(applications_to__gte=today) | Q(applications_to__isnull=True)
    return unended & Q(applications_from__lte=today)


def _rounds() -> ApplicationRoundQuerySet:
    """The further rounds of the training a query is about."""
    return ApplicationRound.objects.filter(training=OuterRef("pk"))


def is_open() -> Q:
    """What holds of training one can apply for today (local), in its own round or a further one."""
    return Q(is_rolling=True) | _own_round_is_open() | Q(Exists(_rounds().open()))


def is_closed() -> Q:
    """What holds of training whose time to apply is over (local), with no further round to come."""
    ended = Q(is_rolling=False, applications_to__lt=timezone.localdate())
    return ended & ~Q(Exists(_rounds().unended()))
