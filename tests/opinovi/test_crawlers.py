"""What search engines ask of a site: what they may read, and which pages there are."""

from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils.translation import override

from guidance.catalogue.models import TrainingOption
from opinovi import sitemap
from tests.factories import (
    AreaFactory,
    GuidanceServiceFactory,
    NetworkFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ProjectFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)

pytestmark = pytest.mark.django_db

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
CHANGED = datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _address(settings):
    settings.ADDRESS = "https://opinovi.example.fi"


def xml(browser, address):
    response = browser.get(address)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def files(browser):
    """The files that the index names, as paths, each with its `lastmod`."""
    found = xml(browser, "/sitemap.xml").findall("s:sitemap", NAMES)
    paths = [each.findtext("s:loc", namespaces=NAMES) for each in found]
    times = [each.findtext("s:lastmod", namespaces=NAMES) for each in found]
    return {
        path.removeprefix("https://opinovi.example.fi"): time for path, time in zip(paths, times, strict=True)
    }


def addresses(browser, path):
    """The pages of one file, each with its `lastmod`."""
    return {
        url.findtext("s:loc", namespaces=NAMES): url.findtext("s:lastmod", namespaces=NAMES)
        for url in xml(browser, path).findall("s:url", NAMES)
    }


def with_key(name):
    return reverse(name, kwargs={"key": "secret"})


def test_robots_may_read_what_is_public_and_nothing_that_is_private(browser):
    response = browser.get("/robots.txt")
    robots = RobotFileParser()
    robots.parse(response.content.decode().splitlines())

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert robots.site_maps() == ["https://opinovi.example.fi/sitemap.xml"]
    for language in ("fi", "sv", "en"):
        with override(language):
            private = [
                with_key("booking:public:appointment_detail"),
                with_key("network:public:invitation_accept"),
                reverse("account_login"),
                reverse("mfa_index"),
                reverse("opinovi:public:letter_list"),
                reverse("network:office:home"),
                reverse("booking:desk:availability_list"),
            ]
            public = [reverse(name) for name in sitemap.PAGES]
        assert [path for path in private if robots.can_fetch("*", path)] == []
        assert [path for path in public if not robots.can_fetch("*", path)] == []
    assert not robots.can_fetch("*", "/admin/")


def test_sitemap_names_every_page_in_every_language(browser):
    TrainingOptionFactory(slug="kokki")
    GuidanceServiceFactory()
    NetworkFactory()
    ServicePointFactory()
    ProjectFactory(programme=ProgrammeFactory())

    found = [address for path in files(browser) for address in addresses(browser, path)]

    assert len(found) == len(set(found))
    assert {
        "https://opinovi.example.fi/fi/koulutukset/kokki/",
        "https://opinovi.example.fi/sv/utbildningar/kokki/",
        "https://opinovi.example.fi/en/trainings/kokki/",
        "https://opinovi.example.fi/en/",
    } <= set(found)
    broken = [
        address
        for address in found
        if browser.get(address.removeprefix("https://opinovi.example.fi")).status_code != 200
    ]
    assert broken == []


def test_sitemap_tells_each_page_s_other_languages(browser):
    training = TrainingOptionFactory(slug="kokki")
    page = xml(browser, f"/sitemap-trainings-{training.pk // sitemap.KEYS_A_FILE}.xml").find("s:url", NAMES)

    links = {link.get("hreflang"): link.get("href") for link in page.findall("x:link", NAMES)}

    assert links == {
        "fi": "https://opinovi.example.fi/fi/koulutukset/kokki/",
        "sv": "https://opinovi.example.fi/sv/utbildningar/kokki/",
        "en": "https://opinovi.example.fi/en/trainings/kokki/",
        "x-default": "https://opinovi.example.fi/fi/koulutukset/kokki/",
    }


def test_sitemap_tells_when_a_row_changed_in_truth(browser):
    training = TrainingOptionFactory(published_at=datetime(2026, 1, 1, tzinfo=UTC))
    published = TrainingOptionFactory(published_at=datetime(2026, 4, 1, tzinfo=UTC))
    TrainingOption.objects.update(changed_at=CHANGED)
    path = f"/sitemap-trainings-{training.pk // sitemap.KEYS_A_FILE}.xml"

    times = {address.rsplit("/", 2)[1]: time for address, time in addresses(browser, path).items()}

    assert times == {training.slug: "2026-03-02T10:15:00Z", published.slug: "2026-04-01T00:00:00Z"}
    assert files(browser)[path] == "2026-04-01T00:00:00Z"
    assert files(browser)["/sitemap-areas-0.xml"] is None


def test_sitemap_has_no_drafts(browser):
    draft = OrganisationFactory(published_at=None)
    TrainingOptionFactory(provider=draft)
    GuidanceServiceFactory(organisation=draft, published_at=None)
    AreaFactory()

    assert set(files(browser)) == {"/sitemap-pages-0.xml", "/sitemap-areas-0.xml"}


def test_sitemap_is_divided_by_keys_so_that_a_row_stays_in_its_file(browser, monkeypatch):
    monkeypatch.setattr(sitemap, "KEYS_A_FILE", 2)
    trainings = TrainingOptionFactory.create_batch(5)

    paths = [path for path in files(browser) if "trainings" in path]
    found = [address for path in paths for address in addresses(browser, path)]

    assert len(paths) in {3, 4}
    assert {address.rsplit("/", 2)[1] for address in found} == {training.slug for training in trainings}
    assert len(found) == 15


@pytest.mark.parametrize("name", ["trainings-999", "pages-1", "nothing-0", "trainings-99999999999999999999"])
def test_sitemap_file_that_does_not_exist_is_not_found(browser, name):
    assert browser.get(f"/sitemap-{name}.xml").status_code == 404


def test_sitemap_asks_once_for_each_file(browser, django_assert_num_queries):
    training = TrainingOptionFactory.create_batch(3)[0]

    with django_assert_num_queries(1):
        browser.get(f"/sitemap-trainings-{training.pk // sitemap.KEYS_A_FILE}.xml")
    with django_assert_num_queries(len(sitemap.KINDS)):
        browser.get("/sitemap.xml")
