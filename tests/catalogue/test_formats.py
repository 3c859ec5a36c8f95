"""Training and guidance as feeds and spreadsheets: the rows of the list, with the same choices."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import feedparser
import openpyxl
import pytest
from django.utils import timezone

from guidance.catalogue.models import TrainingOption
from network import lists
from opinovi.feeds import MOST_ENTRIES
from tests.factories import AreaFactory, GuidanceServiceFactory, OrganisationFactory, TrainingOptionFactory

pytestmark = pytest.mark.django_db

FEED = "/en/trainings/feed.atom"
OPENSEARCH = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def feed(browser, address):
    response = browser.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def table(browser, address):
    """The rows of a CSV file by their headings."""
    content = browser.get(address).getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def book(browser, address):
    """The cells of an XLSX file."""
    content = browser.get(address).getvalue()
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def days_ago(number):
    return timezone.now() - timedelta(days=number)


# Feeds


def test_training_feed_tells_what_was_published_last_first(browser):
    provider = OrganisationFactory(name_fi="Opisto")
    TrainingOptionFactory(name_fi="Vanha", published_at=days_ago(9))
    TrainingOptionFactory(
        name_fi="Uusi & <hieno>",
        slug="uusi",
        provider=provider,
        description_fi="Opit <kaiken>.",
        published_at=days_ago(1),
    )

    found = feed(browser, FEED)

    assert [entry.title_detail.value for entry in found.entries] == ["Uusi & <hieno>", "Vanha"]
    newest = found.entries[0]
    assert newest.link.endswith("/en/trainings/uusi/")
    assert newest.author == "Opisto"
    assert newest.summary == "Opisto. on site. Opit &lt;kaiken&gt;."
    assert newest.published_parsed < newest.updated_parsed
    assert (found.feed.title, found.feed.language) == ("Training – Opinovi", "en")
    assert found.feed.updated == max(entry.updated for entry in found.entries)


def test_training_feed_has_the_choices_of_the_list(browser):
    TrainingOptionFactory(name_fi="Iltakurssi", teaching_times=["evening"])
    TrainingOptionFactory(name_fi="Päiväkurssi", teaching_times=["day"])

    found = feed(browser, f"{FEED}?time=evening&page=7&nonsense=1")

    assert [entry.title for entry in found.entries] == ["Iltakurssi"]
    links = {link.rel: link.href for link in found.feed.links}
    assert links["self"].endswith("/en/trainings/feed.atom?time=evening")
    assert links["alternate"].endswith("/en/trainings/?time=evening")


def test_feed_leaves_out_a_choice_that_the_list_cannot_read(browser):
    training = TrainingOptionFactory()

    listed = browser.get("/en/trainings/?place=Olematon&kind=zzz").context["page"]
    found = feed(browser, f"{FEED}?place=Olematon&kind=zzz")

    assert list(listed) == [training]
    assert [entry.title for entry in found.entries] == [training.name]


def test_feed_entry_stays_the_same_one_when_its_row_is_renamed(browser):
    training = TrainingOptionFactory()
    before = feed(browser, FEED).entries[0]

    TrainingOption.objects.filter(pk=training.pk).update(name_fi="Toinen", slug="toinen")
    after = feed(browser, FEED).entries[0]

    assert after.id == before.id
    assert after.id.startswith("tag:")
    assert after.title != before.title
    assert feed(browser, "/fi/koulutukset/feed.atom").entries[0].id != after.id


def test_feed_has_no_drafts_and_an_end(browser):
    TrainingOptionFactory(name_fi="Luonnos", published_at=None)
    TrainingOptionFactory(name_fi="Luonnoksen", provider__published_at=None)
    TrainingOptionFactory.create_batch(MOST_ENTRIES + 1, name_fi="Julkinen")

    found = feed(browser, FEED)

    assert [entry.title for entry in found.entries] == ["Julkinen"] * MOST_ENTRIES


def test_empty_feed_is_a_feed(browser):
    found = feed(browser, f"{FEED}?q=olematon")

    assert found.entries == []
    assert found.feed.updated == "2026-01-01T00:00:00+00:00"


def test_feed_is_sent_again_only_when_it_changed(browser):
    training = TrainingOptionFactory()
    first = browser.get(FEED)

    same = browser.get(FEED, headers={"If-None-Match": first["ETag"]})
    since = browser.get(FEED, headers={"If-Modified-Since": first["Last-Modified"]})
    TrainingOption.objects.filter(pk=training.pk).update(changed_at=timezone.now() + timedelta(hours=1))
    changed = browser.get(FEED, headers={"If-Modified-Since": first["Last-Modified"]})

    assert (same.status_code, since.status_code, changed.status_code) == (304, 304, 200)
    assert browser.head(FEED).status_code == 200


def test_guidance_feed_speaks_the_language_of_its_address(browser):
    GuidanceServiceFactory(name_fi="Uraohjaus", name_sv="Karriärvägledning", summary_sv="Vi hjälper.")

    swedish = feed(browser, "/sv/vagledning/feed.atom")

    assert (swedish.feed.language, swedish.feed.title) == ("sv", "Vägledning – Opinovi")
    assert [(entry.title, entry.summary) for entry in swedish.entries] == [
        ("Karriärvägledning", "Vi hjälper.")
    ]


@pytest.mark.parametrize(
    ("address", "most"), [(FEED, 2), ("/en/trainings/list.csv", 3), ("/en/trainings/list.xlsx", 3)]
)
def test_other_forms_ask_as_often_for_thirty_rows_as_for_one(
    browser, address, most, django_assert_num_queries
):
    place = AreaFactory()
    sizes = []
    for number in (1, 29):
        for training in TrainingOptionFactory.create_batch(number):
            training.municipalities.add(place)
        with django_assert_num_queries(most):
            response = browser.get(address)
            sizes.append(len(response.getvalue()))

    assert sizes[1] > sizes[0]


# Spreadsheets


def test_training_sheet_has_the_rows_of_the_list_in_its_order(browser):
    for name in ("Öljy", "Ananas", "Zeppeliini", "Ääni"):
        TrainingOptionFactory(name_fi=name, field=TrainingOption.Field.ICT)
    TrainingOptionFactory(name_fi="Muu ala")
    TrainingOptionFactory(name_fi="Luonnos", field=TrainingOption.Field.ICT, published_at=None)
    query = "field=ict&sort=name"

    listed = [training.name for training in browser.get(f"/en/trainings/?{query}").context["page"]]

    assert [row["Name"] for row in table(browser, f"/en/trainings/list.csv?{query}")] == listed
    assert [row[0] for row in book(browser, f"/en/trainings/list.xlsx?{query}")[1:]] == listed
    assert listed == ["Ananas", "Zeppeliini", "Ääni", "Öljy"]


def test_training_sheet_tells_the_facts(browser):
    training = TrainingOptionFactory(
        name_fi="Lähihoitaja",
        provider=OrganisationFactory(name_fi="Opisto"),
        teaching_times=["day", "evening"],
        languages=["fi", "sv"],
        extent=Decimal("7.5"),
        extent_unit="credit",
        fee=Decimal("12.50"),
        start="date",
        starts_on=date(2027, 1, 11),
    )
    training.municipalities.set([AreaFactory(name_fi="Nokia"), AreaFactory(name_fi="Pori")])

    row = table(browser, "/en/trainings/list.csv")[0]
    cells = dict(zip(*book(browser, "/en/trainings/list.xlsx"), strict=True))

    assert (row["Provider"], row["Places"]) == ("Opisto", "Nokia, Pori")
    assert (row["Teaching time"], row["Languages"]) == ("daytime, evenings", "Finnish, Swedish")
    assert (row["Extent"], row["Fee, €"], row["First day"]) == ("7,5", "12,50", "2027-01-11")
    assert row["Page in the portal"].endswith(f"/en/trainings/{training.slug}/")
    assert (cells["Extent"], cells["Fee, €"]) == (7.5, 12.5)
    assert cells["First day"] == datetime(2027, 1, 11)  # noqa: DTZ001  # a cell knows no time zone
    assert (cells["Last day"], row["Last day"]) == (None, "")


def test_sheet_has_headings_and_words_in_the_reader_s_language(browser):
    TrainingOptionFactory(name_fi="Kurssi", name_sv="Kursen")

    finnish = table(browser, "/fi/koulutukset/list.csv")[0]
    swedish = table(browser, "/sv/utbildningar/list.csv")[0]

    assert (finnish["Nimi"], finnish["Opetustapa"]) == ("Kurssi", "lähiopetus")
    assert swedish["Namn"] == "Kursen"
    assert "koulutus-" in browser.get("/fi/koulutukset/list.csv")["Content-Disposition"]


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"])
def test_sheet_lets_no_text_become_a_formula(browser, name):
    TrainingOptionFactory(name_fi=name)

    assert table(browser, "/en/trainings/list.csv")[0]["Name"] == f"'{name}"
    assert book(browser, "/en/trainings/list.xlsx")[1][0] == f"'{name}"


def test_sheet_survives_letters_that_no_spreadsheet_takes(browser):
    GuidanceServiceFactory(name_fi='Oh\x0bjaus\x01; "lainaus"\nrivi')

    assert table(browser, "/en/guidance/list.csv")[0]["Name"] == 'Ohjaus; "lainaus"\nrivi'
    assert book(browser, "/en/guidance/list.xlsx")[1][0] == 'Ohjaus; "lainaus"\nrivi'


def test_guidance_sheet_keeps_to_itself_what_is_for_counsellors(browser):
    GuidanceServiceFactory(
        internal_contact="sisainen@example.fi", consent_wording_fi="Suostun", benefit_effect_fi="Ei vaikuta"
    )

    content = browser.get("/en/guidance/list.csv").getvalue().decode()

    assert not [word for word in ("sisainen", "Suostun", "Ei vaikuta") if word in content]


def test_sheet_reads_long_lists_in_batches(browser, monkeypatch):
    monkeypatch.setattr(lists, "ROWS_AT_ONCE", 2)
    TrainingOptionFactory.create_batch(5)

    rows = table(browser, "/en/trainings/list.csv")

    assert len({row["Name"] for row in rows}) == 5


def test_xlsx_that_is_cut_says_so_in_its_name(browser, monkeypatch):
    monkeypatch.setattr(lists, "MOST_XLSX_ROWS", 2)
    TrainingOptionFactory.create_batch(3)

    whole = browser.get("/en/trainings/list.csv")
    cut = browser.get("/en/trainings/list.xlsx")

    assert "first" not in whole["Content-Disposition"]
    assert cut["Content-Disposition"].endswith('-first-2.xlsx"')
    assert len(openpyxl.load_workbook(io.BytesIO(cut.getvalue())).active["A"]) == 3


def test_sheet_of_another_kind_is_not_found(browser):
    assert browser.get("/en/trainings/list.ods").status_code == 404


def test_sheet_tells_its_name_before_anybody_fetches_it(browser, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = browser.head("/en/trainings/list.csv")

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="training-')


# Where the other forms are


def test_training_list_leads_to_its_other_forms_with_what_was_chosen(browser):
    page = browser.get("/en/trainings/?time=evening&place=Olematon").content.decode()

    assert 'href="/en/trainings/feed.atom?time=evening"' in page
    assert 'href="/en/trainings/list.csv?time=evening"' in page
    assert 'href="/en/trainings/list.xlsx?time=evening"' in page


def test_opensearch_description_leads_to_the_search_in_its_language(browser):
    response = browser.get("/sv/opensearch.xml")
    root = ElementTree.fromstring(response.content)

    urls = {url.get("type"): url.get("template") for url in root.findall("o:Url", OPENSEARCH)}
    assert response["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    assert len(root.findtext("o:ShortName", namespaces=OPENSEARCH)) <= 16
    assert root.findtext("o:Language", namespaces=OPENSEARCH) == "sv"
    assert urls["text/html"].endswith("/sv/sok/?q={searchTerms}")
    assert urls["application/opensearchdescription+xml"].endswith("/sv/opensearch.xml")


def test_entry_is_as_new_as_its_publication(browser):
    """Publishing saves nothing but its own moment."""
    TrainingOptionFactory(published_at=datetime(2027, 5, 1, tzinfo=UTC))

    assert feed(browser, FEED).entries[0].updated == "2027-05-01T00:00:00+00:00"
