"""What every chapter of the demo knows: the day, the dice and how texts are written down."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.utils import timezone

LOCAL = ZoneInfo(settings.TIME_ZONE)
LANGUAGES = ("fi", "sv", "en")
SEED = 2008


@dataclass(frozen=True)
class Story:
    """The day the demo is told on (local), and dice that fall the same way every time."""

    now: datetime = field(default_factory=timezone.now)
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))  # noqa: S311 - nothing secret

    @property
    def today(self) -> date:
        return self.now.astimezone(LOCAL).date()

    def day(self, days: int) -> date:
        """So many days from today; before it if negative."""
        return self.today + timedelta(days=days)


def read(name: str) -> Any:
    """What one of the files beside this one holds."""
    text = Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader either way


def in_languages(field_name: str, texts: Sequence[str]) -> dict[str, str]:
    """The columns of a translated field: its Finnish, Swedish and English text."""
    return {f"{field_name}_{code}": text for code, text in zip(LANGUAGES, texts, strict=True)}


def clock(text: str) -> time:
    """9:05 as a time of day (local)."""
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def moment(day: date, at: time) -> datetime:
    """The moment (with its zone) at which the local clock shows a time on a day."""
    return datetime.combine(day, at, tzinfo=LOCAL)
