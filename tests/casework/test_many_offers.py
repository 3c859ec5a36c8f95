"""`manage.py many_offers` fills a demo with as much as a whole country offers."""

import pytest
from django.core.management import CommandError, call_command

from guidance.booking.models import GroupSession
from guidance.catalogue.models import GuidanceService, TrainingOption
from tests.factories.catalogue import ChannelFactory
from tests.factories.network import AreaFactory, SectorFactory

pytestmark = pytest.mark.django_db


def test_many_offers_are_published_and_have_places(settings, capsys):
    settings.DEMO = True
    AreaFactory(parent=AreaFactory(kind="region"))
    SectorFactory()
    ChannelFactory()

    call_command("many_offers", trainings=30, services=5, events=7)

    assert TrainingOption.objects.published().filter(municipalities__isnull=False).distinct().count() == 30
    assert GuidanceService.objects.published().filter(areas__isnull=False).distinct().count() == 5
    assert GroupSession.objects.published().count() == 7


def test_many_offers_never_stand_among_real_ones(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="not a demo"):
        call_command("many_offers")
