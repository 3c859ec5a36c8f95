"""The word lists an administrator keeps."""

import pytest
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from guidance.catalogue.models import Channel, GuidanceTopic
from network.models import Sector
from projects.models import TargetGroup
from tests.factories import GuidanceServiceFactory, GuidanceTopicFactory, SectorFactory

LIST = "/en/office/vocabularies/"

pytestmark = pytest.mark.django_db


def test_all_four_lists_stand_on_one_page(browser, administrator):
    TargetGroup.objects.create(code="movers", name_fi="muuttajat")
    GuidanceTopicFactory(name_fi="alanvaihto")
    GuidanceServiceFactory()

    response = browser.get(LIST)

    for words in ("Koulutuspalvelut", "muuttajat", "alanvaihto", "By phone"):
        assertContains(response, words)


def test_a_word_is_added_at_the_end_with_a_code_of_its_own(browser, administrator):
    SectorFactory(code="church", order=4)

    response = browser.post(f"{LIST}sectors/add/", {"name_fi": "kirkko", "name_en": "Church"})

    assertRedirects(response, f"{LIST}#sectors", fetch_redirect_response=False)
    word = Sector.objects.get(name_fi="kirkko")
    assert (word.code, word.order) == ("church-2", 5)


def test_a_word_needs_its_finnish_name(browser, administrator):
    response = browser.post(f"{LIST}topics/add/", {"name_sv": "byte av bransch"})

    assert list(response.context["form"].errors) == ["name_fi"]
    assert not GuidanceTopic.objects.exists()


def test_a_word_keeps_its_code_when_it_is_renamed(browser, administrator):
    word = SectorFactory(code="education")

    browser.post(f"{LIST}sectors/{word.pk}/", {"name_fi": "oppilaitokset", "name_en": "schools"})

    word.refresh_from_db()
    assert (word.code, word.name_fi) == ("education", "oppilaitokset")


def test_a_channel_says_what_it_needs(browser, administrator):
    browser.post(f"{LIST}channels/add/", {"name_fi": "puhelimitse", "needs_phone": "on"})

    channel = Channel.objects.get()
    assert (channel.needs_phone, channel.needs_place) == (True, False)


@pytest.mark.parametrize(
    ("code", "way", "expected"),
    [("b", "up", "bac"), ("b", "down", "acb"), ("a", "up", "abc"), ("c", "down", "abc")],
)
def test_words_change_places(browser, administrator, code, way, expected):
    for order, each in enumerate("abc", start=101):
        SectorFactory(code=each, name_fi=each, order=order)
    word = Sector.objects.get(code=code)

    browser.post(f"{LIST}sectors/{word.pk}/move/", {"way": way})

    codes = [each.code for each in Sector.objects.all() if len(each.code) == 1]
    assert "".join(codes) == expected


def test_a_word_nobody_uses_is_taken_out(browser, administrator):
    word = GuidanceTopicFactory()

    browser.post(f"{LIST}topics/{word.pk}/delete/")

    assert not GuidanceTopic.objects.exists()


def test_a_word_in_use_stays_and_the_page_says_why(browser, administrator):
    word = GuidanceTopicFactory()
    GuidanceServiceFactory().topics.add(word)

    asked = browser.get(f"{LIST}topics/{word.pk}/")
    refused = browser.post(f"{LIST}topics/{word.pk}/delete/", follow=True)

    assertContains(asked, "The word is in use, so it stays:")
    assertContains(asked, "guidance services (1)")
    assertNotContains(asked, "Take it out")
    assertContains(refused, "is in use and stays: guidance services (1)")
    assert GuidanceTopic.objects.count() == 1


def test_there_is_no_fifth_list(browser, administrator):
    assert browser.get(f"{LIST}areas/add/").status_code == 404


def test_coordinators_do_not_keep_words(browser, coordinator):
    assert browser.get(LIST).status_code == 403
    assertNotContains(browser.get("/en/office/people/"), LIST)
