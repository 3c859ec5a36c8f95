"""Columns that models of several apps have."""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ChangedAtField(models.DateTimeField):
    """When a row was last saved (UTC): what feeds, sitemaps and readers of open data go by.

    Unlike `auto_now` it also has a value in fixtures, which are saved raw.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("changed"))
        kwargs.setdefault("default", timezone.now)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> datetime:
        now = timezone.now()
        setattr(model_instance, self.attname, now)
        return now


def last_change(row: models.Model) -> datetime:
    """When what anyone sees of a row last changed: it was saved, published or cancelled (UTC).

    Publishing and cancelling save only their own moment, so that `changed_at` alone does not tell of them.
    """
    moments = (getattr(row, name, None) for name in ("changed_at", "published_at", "cancelled_at"))
    return max(moment for moment in moments if moment is not None)
