"""When studies begin, as people choose it: this season or one of the next."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy

from guidance.catalogue.models import TrainingOption

Season = TrainingOption.Season
FIRST_MONTHS = {Season.SPRING: 1, Season.SUMMER: 6, Season.AUTUMN: 8}
SHOWN = 4  # this season and those after it
BY_AGREEMENT = "personal"


def coming_seasons() -> list[tuple[str, str | Promise]]:
    """This season and the next ones, such as `autumn-2026`, and what begins by agreement."""
    year, names = timezone.localdate().year, list(FIRST_MONTHS)
    coming = [(season, each) for each in (year, year + 1, year + 2) for season in names]
    coming = [(season, each) for season, each in coming if _span(season, each)[1] > timezone.localdate()]
    choices: list[tuple[str, str | Promise]] = [
        (f"{season.value}-{each}", format_lazy("{} {}", season.label, each))
        for season, each in coming[:SHOWN]
    ]
    return [*choices, (BY_AGREEMENT, TrainingOption.Start.PERSONAL.label)]


def starts_in(code: str) -> Q:
    """Training that begins in a season, by its day or by the season that is told; or by agreement."""
    if code == BY_AGREEMENT:
        return Q(start=TrainingOption.Start.PERSONAL)
    name, _hyphen, year = code.partition("-")
    first, after = _span(Season(name), int(year))
    told = Q(start=TrainingOption.Start.SEASON, start_season=name, start_year=int(year))
    return told | Q(start=TrainingOption.Start.DATE, starts_on__gte=first, starts_on__lt=after)


def _span(season: TrainingOption.Season, year: int) -> tuple[date, date]:
    """The season's first day, and the first one after it."""
    months = [*FIRST_MONTHS.values(), 13]
    after = months[months.index(FIRST_MONTHS[season]) + 1]
    return date(year, FIRST_MONTHS[season], 1), date(year + after // 13, (after - 1) % 12 + 1, 1)
