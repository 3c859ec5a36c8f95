"""What of this app people find by searching."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.models import Area, Organisation, ServicePoint
from network.search import Kind, register

register(
    Kind(
        slug="area",
        label=_("Areas"),
        model=Area,
        rows=Area.objects.all,
        template="catalogue/public/_area_hit.html",
        order=0,
        listing="catalogue:public:area_list",
        detail="catalogue:public:area_detail",
    ),
    Kind(
        slug="service_point",
        label=_("Service points"),
        model=ServicePoint,
        rows=lambda: ServicePoint.objects.published().open().for_listing(),
        template="catalogue/public/_service_point_hit.html",
        order=50,
        listing="network:public:service_point_list",
        detail="catalogue:public:service_point_detail",
        within=lambda rows, area: rows.filter(municipality__in=Area.objects.within(area)),
        near=lambda area: Q(municipality=area.pk),
        is_past=lambda: Q(closed_on__lte=timezone.localdate()),
    ),
    Kind(
        slug="organisation",
        label=_("Organisations"),
        model=Organisation,
        rows=lambda: Organisation.objects.published().for_listing(),
        template="catalogue/public/_organisation_hit.html",
        order=60,
        listing="network:public:organisation_list",
        detail="catalogue:public:organisation_detail",
        within=lambda rows, area: rows.filter(home_municipality__in=Area.objects.within(area)),
        near=lambda area: Q(home_municipality=area.pk),
        is_past=lambda: Q(ended_on__isnull=False),
    ),
)
