import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from network.map import regions_map
from network.models import Area

PIRKANMAA = Area(pk=1, code="06", name_fi="Pirkanmaa", name_sv="Birkaland", name_en="", slug="pirkanmaa")
NOWHERE = Area(pk=2, code="99", name_fi="Tuonela", name_sv="", name_en="", slug="tuonela")


def test_regions_map_has_an_outline_for_each_region_of_finland():
    codes = [f"{number:02}" for number in (1, 2, *range(4, 20), 21)]

    drawn = regions_map([Area(code=code) for code in codes])

    assert [region.area.code for region in drawn.regions if region.path.startswith("M")] == codes


def test_regions_map_counts_and_knows_where_one_is():
    drawn = regions_map([PIRKANMAA, NOWHERE], counts={1: 12}, here=PIRKANMAA)

    assert [(region.amount, region.is_here) for region in drawn.regions] == [(12, True), (0, False)]


@pytest.mark.parametrize(("region", "links"), [(PIRKANMAA, 2), (NOWHERE, 1)])
def test_map_links_each_region_in_the_picture_and_in_the_list(region, links):
    with override("en"):
        page = render_to_string("partials/_map.html", {"map": regions_map([region])})

    assert page.count(f"/{region.slug}/") == links
