"""What pages tell search engines (schema.org): true, complete where known, and silent where not."""

from datetime import date, time
from decimal import Decimal

import pytest

from guidance.catalogue.models import TrainingOption
from network.models import Contact, OpeningHours
from projects.models import TargetGroup
from tests.factories import (
    AreaFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    GuidanceTopicFactory,
    OrganisationFactory,
    ServicePointFactory,
    TrainingOptionFactory,
)
from tests.opinovi.test_format_tags import blocks

pytestmark = pytest.mark.django_db

HOST = "https://opinovi.example.fi"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.ADDRESS = HOST


def data_of(browser, address, kind):
    """The data of one schema.org type in a page."""
    html = browser.get(address).content.decode()
    found = [block for block in blocks(html) if block["@type"] == kind]
    assert len(found) == 1
    assert found[0].pop("@context") == "https://schema.org"
    return found[0]


def test_training_page_tells_the_course_and_its_instance(browser):
    training = TrainingOptionFactory(
        slug="kokki",
        name_en="Cook </script>",
        description_en="You learn to cook.",
        provider=OrganisationFactory(name_fi="Opisto", slug="opisto"),
        fee=Decimal("58.50"),
        titles_en="Cook",
        requirements_en="An interview",
        mode=TrainingOption.Mode.BLENDED,
        languages=["fi", "sv"],
        extent=180,
        extent_unit="competence_point",
        duration_months=18,
        start="date",
        starts_on=date(2027, 1, 11),
        ends_on=date(2028, 6, 1),
        is_rolling=False,
        applications_from=date(2026, 1, 1),
        applications_to=date(2099, 1, 1),
        application_link="https://www.example.fi/haku",
    )
    training.municipalities.set([AreaFactory(name_en="Nokia")])

    data = data_of(browser, "/en/trainings/kokki/", "Course")

    assert data == {
        "@type": "Course",
        "name": "Cook </script>",
        "url": f"{HOST}/en/trainings/kokki/",
        "description": "You learn to cook.",
        "provider": {
            "@type": "Organization",
            "name": "Opisto",
            "url": f"{HOST}/en/organisations/opisto/",
        },
        "coursePrerequisites": "An interview",
        "educationalCredentialAwarded": "Cook",
        "numberOfCredits": {"@type": "StructuredValue", "value": 180.0, "unitText": "competence points"},
        "timeRequired": "P18M",
        "isAccessibleForFree": False,
        "offers": {
            "@type": "Offer",
            "category": "Paid",
            "price": "58.50",
            "priceCurrency": "EUR",
            "url": "https://www.example.fi/haku",
            "validFrom": "2026-01-01",
            "validThrough": "2099-01-01",
        },
        "hasCourseInstance": {
            "@type": "CourseInstance",
            "courseMode": "Blended",
            "courseSchedule": {"@type": "Schedule", "startDate": "2027-01-11", "endDate": "2028-06-01"},
            "inLanguage": ["fi", "sv"],
            "location": [
                {
                    "@type": "Place",
                    "name": "Nokia",
                    "address": {
                        "@type": "PostalAddress",
                        "addressLocality": "Nokia",
                        "addressCountry": "FI",
                    },
                }
            ],
            "startDate": "2027-01-11",
            "endDate": "2028-06-01",
        },
    }


def test_training_page_leaves_out_what_nobody_told(browser):
    TrainingOptionFactory(slug="kurssi", fee=None)

    data = data_of(browser, "/en/trainings/kurssi/", "Course")

    assert set(data) == {"@type", "name", "url", "provider", "hasCourseInstance"}
    assert data["hasCourseInstance"] == {"@type": "CourseInstance", "courseMode": "Onsite"}


@pytest.mark.parametrize("mode", TrainingOption.Mode.values)
def test_course_mode_is_one_of_those_search_engines_know(browser, mode):
    TrainingOptionFactory(slug="kurssi", mode=mode)

    instance = data_of(browser, "/en/trainings/kurssi/", "Course")["hasCourseInstance"]

    assert instance["courseMode"] in {"Online", "Onsite", "Blended"}


@pytest.mark.parametrize(
    ("facts", "workload"),
    [
        ({"extent": Decimal(40), "extent_unit": "hour"}, "PT40H"),
        ({"extent": Decimal("7.5"), "extent_unit": "hour"}, "PT7H30M"),
        ({"extent": Decimal(5), "extent_unit": "credit"}, None),
        ({"extent": Decimal(5), "extent_to": Decimal(9), "extent_unit": "hour"}, None),
        ({}, None),
    ],
)
def test_course_workload_is_told_only_when_it_is_known_in_hours(browser, facts, workload):
    TrainingOptionFactory(slug="kurssi", **facts)

    instance = data_of(browser, "/en/trainings/kurssi/", "Course")["hasCourseInstance"]

    assert instance.get("courseWorkload") == workload


def test_guidance_page_tells_who_is_helped_where_and_how(browser):
    point = ServicePointFactory(
        name_fi="Ohjaamo", slug="ohjaamo", street_address="Torikatu 1", postcode="37100", is_step_free=True
    )
    OpeningHours.objects.create(service_point=point, weekday=1, opens_at=time(9), closes_at=time(16))
    service = GuidanceServiceFactory(
        slug="ura",
        organisation=OrganisationFactory(name_fi="Opisto", slug="opisto"),
        description_en="We talk.",
        languages=["fi", "en"],
        channels=[ChannelFactory(), ChannelFactory(on_site=True)],
        internal_contact="sisainen@example.fi",
        consent_wording_en="I agree",
        benefit_effect_en="No effect",
    )
    service.service_points.add(point)
    service.areas.add(AreaFactory(name_fi="Nokia"))
    service.topics.add(GuidanceTopicFactory(name_fi="Ura"))
    service.target_groups.add(TargetGroup.objects.create(code="aikuiset", name_fi="Aikuiset"))

    data = data_of(browser, "/en/guidance/ura/", "GovernmentService")
    page = browser.get("/en/guidance/ura/").content.decode()

    hours = {"@type": "OpeningHoursSpecification", "dayOfWeek": "Monday", "opens": "09:00", "closes": "16:00"}
    assert (data["serviceType"], data["description"]) == (["Ura"], "We talk.")
    assert data["areaServed"] == [{"@type": "AdministrativeArea", "name": "Nokia"}]
    assert data["audience"] == [{"@type": "Audience", "audienceType": "Aikuiset"}]
    assert data["provider"]["name"] == "Opisto"
    assert data["hoursAvailable"] == [hours]
    assert data["offers"]["price"] == "0.00"
    phone, on_site = data["availableChannel"]
    assert phone == {
        "@type": "ServiceChannel",
        "name": "By phone",
        "serviceUrl": f"{HOST}/en/guidance/ura/book/",
        "servicePhone": {"@type": "ContactPoint", "telephone": "+358 00 000 0000"},
        "availableLanguage": ["fi", "en"],
    }
    assert on_site["serviceLocation"][0]["address"]["streetAddress"] == "Torikatu 1"
    assert on_site["serviceLocation"][0]["amenityFeature"][0]["name"] == "step-free entrance"
    assert not [word for word in ("sisainen", "I agree", "No effect") if word in page]


def test_guidance_without_an_area_serves_the_country(browser):
    GuidanceServiceFactory(slug="ura")

    data = data_of(browser, "/en/guidance/ura/", "GovernmentService")

    assert data["areaServed"] == [{"@type": "Country", "name": "Finland"}]
    assert data["serviceType"] == ["Guidance"]
    assert not {"audience", "hoursAvailable"} & set(data)


def test_organisation_page_tells_of_the_organisation_and_of_no_person(browser):
    organisation = OrganisationFactory(
        slug="opisto",
        name_fi="Opisto",
        business_id="0109862-8",
        website="https://www.example.fi/",
        parent=OrganisationFactory(name_fi="Kuntayhtymä", slug="yhtyma"),
    )
    Contact.objects.create(
        organisation=organisation, name="Aino Esimerkki", phone="+358 00 000 0000", is_public=True
    )

    data = data_of(browser, "/en/organisations/opisto/", "Organization")

    assert data == {
        "@type": "Organization",
        "name": "Opisto",
        "url": f"{HOST}/en/organisations/opisto/",
        "sameAs": "https://www.example.fi/",
        "identifier": {"@type": "PropertyValue", "propertyID": "Y-tunnus", "value": "0109862-8"},
        "parentOrganization": {
            "@type": "Organization",
            "name": "Kuntayhtymä",
            "url": f"{HOST}/en/organisations/yhtyma/",
        },
    }


def test_organisation_page_does_not_tell_of_a_parent_that_is_a_draft(browser):
    OrganisationFactory(slug="opisto", parent=OrganisationFactory(name_fi="Salainen", published_at=None))

    assert "parentOrganization" not in data_of(browser, "/en/organisations/opisto/", "Organization")


def test_service_point_page_tells_where_it_is(browser):
    ServicePointFactory(
        slug="ohjaamo", latitude="61.49911", longitude="23.78712", municipality__name_fi="Nokia"
    )

    data = data_of(browser, "/en/service-points/ohjaamo/", "Place")

    assert data["geo"] == {"@type": "GeoCoordinates", "latitude": 61.49911, "longitude": 23.78712}
    assert data["address"]["addressLocality"] == "Nokia"
    assert not {"openingHoursSpecification", "amenityFeature", "telephone"} & set(data)


def test_front_page_tells_how_to_search(browser):
    data = data_of(browser, "/fi/", "WebSite")

    assert (data["url"], data["inLanguage"]) == (f"{HOST}/fi/", "fi")
    assert data["potentialAction"] == {
        "@type": "SearchAction",
        "target": {"@type": "EntryPoint", "urlTemplate": f"{HOST}/fi/haku/?q={{search_term_string}}"},
        "query-input": "required name=search_term_string",
    }


def test_page_with_a_trail_tells_where_it_is(browser):
    TrainingOptionFactory(slug="kurssi", name_fi="Kurssi")

    steps = data_of(browser, "/fi/koulutukset/kurssi/", "BreadcrumbList")["itemListElement"]

    assert [step["name"] for step in steps] == ["Etusivu", "Koulutus", "Kurssi"]
    assert steps[1]["item"] == f"{HOST}/fi/koulutukset/"
