"""What of this app people find by searching."""

from typing import Any, cast

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guidance.booking.models import GroupSession
from network.models import Area
from network.search import Kind, register


def _within(sessions: Any, area: Area) -> QuerySet:
    return cast("QuerySet", sessions.within(area))


register(
    Kind(
        slug="group_session",
        label=_("Events"),
        model=GroupSession,
        rows=lambda: GroupSession.objects.published().for_listing(),
        template="booking/public/_group_session_hit.html",
        order=40,
        listing="booking:public:group_session_list",
        detail="booking:public:group_session_detail",
        through=("organisation",),
        within=_within,
        near=lambda area: Q(municipality=area.pk),
        is_open=lambda: Q(ends_at__gt=timezone.now(), cancelled_at__isnull=True),
        is_past=lambda: Q(ends_at__lte=timezone.now()) | Q(cancelled_at__isnull=False),
        speaks=lambda code: Q(languages__contains=[code]),
    ),
)
