"""Projects, programmes and materials as anybody meets them."""

from datetime import date

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from network.models import Area
from projects.models import Material, ProjectPartner, ProjectTargetGroup
from tests.factories import (
    AreaFactory,
    ChallengeFactory,
    IndicatorFactory,
    IndicatorReadingFactory,
    MaterialFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ProjectFactory,
    ProjectGoalFactory,
    ProjectPartnerFactory,
    ProjectTargetGroupFactory,
    ResultFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/en/projects/"
MATERIALS = "/en/materials/"


def names(response):
    return [project.name_fi for project in response.context["page"]]


def test_project_list_hides_drafts(browser):
    ProjectFactory(name_fi="Julki")
    ProjectFactory(name_fi="Luonnos", published_at=None)

    response = browser.get(LIST)

    assert names(response) == ["Julki"]
    assertContains(response, "1 project")


@pytest.mark.parametrize("count", [1, 3])
def test_project_list_costs_no_more_for_more_rows(browser, count, django_assert_max_num_queries):
    programme = ProgrammeFactory()
    for project in ProjectFactory.create_batch(count, programme=programme):
        project.areas.set([AreaFactory(), AreaFactory()])

    with django_assert_max_num_queries(6):
        browser.get(LIST)


def test_project_list_is_cut_into_pages_of_25(browser):
    ProjectFactory.create_batch(26)

    first, second = browser.get(LIST), browser.get(LIST, {"page": 2})

    assert (len(names(first)), len(names(second))) == (25, 1)
    assertContains(first, "26 projects")


def test_project_list_is_found_by_words_of_the_project_or_its_partner(browser):
    ProjectFactory(name_fi="Ensimmäinen", summary_en="Outreach for care workers")
    helped = ProjectFactory(name_fi="Toinen")
    ProjectPartnerFactory(project=helped, organisation__name_fi="Outokummun opisto")

    assert names(browser.get(LIST, {"q": "care outreach"})) == ["Ensimmäinen"]
    assert names(browser.get(LIST, {"q": "outokummun"})) == ["Toinen"]


def test_project_list_by_place_has_what_is_inside_and_around(browser):
    region = AreaFactory(kind=Area.Kind.REGION, name_fi="Maakunta")
    town = AreaFactory(name_fi="Kaupunki", parent=region)
    wide, local, far = (ProjectFactory(name_fi=name) for name in ("A laaja", "B paikka", "C muualla"))
    wide.areas.set([region])
    local.areas.set([town])
    far.areas.set([AreaFactory()])

    assert names(browser.get(LIST, {"place": "Maakunta"})) == ["A laaja", "B paikka"]
    assert names(browser.get(LIST, {"place": "Kaupunki"})) == ["A laaja", "B paikka"]


def test_project_list_by_programme_and_target_group(browser):
    programme, group = ProgrammeFactory(), TargetGroupFactory()
    ProjectTargetGroupFactory(project__name_fi="Molemmat", project__programme=programme, group=group)
    ProjectFactory(name_fi="Vain ohjelma", programme=programme)
    ProjectTargetGroupFactory(project__name_fi="Vain ryhmä", group=group)

    response = browser.get(LIST, {"programme": programme.slug, "group": group.code})

    assert names(response) == ["Molemmat"]


def test_project_list_without_hits_offers_a_way_back(browser):
    response = browser.get(LIST, {"q": "nothing like it"})

    assertContains(response, "No project matches all of these.")
    assertContains(response, "Show all projects")


TEXTS = ("summary", "aim", "background", "approach", "cooperation", "legacy")


def everything():
    """A project with rows of every kind."""
    project = ProjectFactory(
        name_fi="Kaikkihanke",
        programme=ProgrammeFactory(short_name_en="The programme"),
        starts_on=date(2008, 9, 1),
        ends_on=date(2012, 3, 31),
        budget=856930,
        budget_note_en="with the partners' own work",
        network_size=40,
    )
    for field in TEXTS:
        setattr(project, f"{field}_en", f"Told in {field}.")
    project.save()
    project.areas.set([AreaFactory(name_en="Somewhere")])
    roles = ProjectPartner.Role
    for role, name in ((roles.FUNDER, "Payer"), (roles.ADMINISTRATOR, "Keeper"), (roles.PARTNER, "Helper")):
        ProjectPartnerFactory(project=project, role=role, organisation__name_en=name)
    ChallengeFactory(project=project, text_en="A hard thing.")
    ProjectGoalFactory(
        projects=[project, ProjectFactory(name_fi="Sisarhanke")], theme_en="Together", text_en="Go on."
    )
    ResultFactory(project=project, text_en="A good thing.")
    for reach in ProjectTargetGroup.Reach:
        ProjectTargetGroupFactory(project=project, reach=reach, wording_en=f"People, {reach}.")
    indicator = IndicatorFactory(project=project, name_en="People guided", unit_en="people", target=450)
    IndicatorReadingFactory(indicator=indicator, value=100, read_on=date(2010, 1, 31))
    IndicatorReadingFactory(indicator=indicator, value=312, read_on=date(2011, 1, 31))
    MaterialFactory(project=project, title_en="A guide to it")
    return project


def test_project_detail_tells_everything(browser):
    project = everything()

    response = browser.get(f"{LIST}{project.slug}/")

    for words in (
        "1 Sep 2008 – 31 Mar 2012",
        "856,930 €",
        "with the partners&#x27; own work",
        "40 organisations",
        "The programme",
        "Somewhere",
        "A hard thing.",
        "Together",
        "Go on.",
        "Sisarhanke",
        "A good thing.",
        "People, direct.",
        "People, indirect.",
        "People, final.",
        "Keeper",
        "Helper",
        "Payer",
        "A guide to it",
        *(
            f"Told in {field}."
            for field in ("summary", "aim", "background", "approach", "cooperation", "legacy")
        ),
    ):
        assertContains(response, words)


def test_project_detail_shows_the_newest_figure_against_the_target(browser):
    project = everything()

    response = browser.get(f"{LIST}{project.slug}/")

    assertContains(response, '<meter min="0" max="450.00" value="312.00">312 / 450</meter>', html=True)
    assertNotContains(response, ">100<")


def test_project_detail_names_roles_in_their_order(browser):
    project = everything()

    text = browser.get(f"{LIST}{project.slug}/").content.decode()
    parts = text[text.index("Who does it?") :]

    assert sorted(("Keeper", "Helper", "Payer"), key=parts.index) == ["Keeper", "Helper", "Payer"]


def test_project_detail_costs_twelve_queries_at_most(browser, django_assert_max_num_queries):
    project = everything()

    with django_assert_max_num_queries(12):
        browser.get(f"{LIST}{project.slug}/")


def test_project_detail_of_a_draft_is_not_there(browser):
    project = ProjectFactory(published_at=None)

    assert browser.get(f"{LIST}{project.slug}/").status_code == 404


def test_project_detail_does_not_link_to_a_draft_that_shares_a_goal(browser):
    project, draft = ProjectFactory(), ProjectFactory(name_fi="Salahanke", published_at=None)
    ProjectGoalFactory(projects=[project, draft])

    response = browser.get(f"{LIST}{project.slug}/")

    assertNotContains(response, "Salahanke")


@pytest.mark.parametrize(
    ("dates", "programme_end", "ended"),
    [
        ({"ends_on": date(2026, 5, 31)}, None, True),
        ({"ends_on": date(2026, 6, 1)}, None, False),
        ({}, None, False),
        ({}, 2025, True),
        ({}, 2026, False),
    ],
)
def test_project_has_ended_with_its_last_day_or_its_programme(browser, dates, programme_end, ended):
    project = ProjectFactory(programme=ProgrammeFactory(ends_year=programme_end), **dates)

    with time_machine.travel("2026-06-01T12:00:00+03:00"):
        response = browser.get(f"{LIST}{project.slug}/")

    assert ('<span class="tag">ended</span>' in response.content.decode()) is ended


def test_text_that_falls_back_says_its_language(browser):
    project = ProjectFactory(name_fi="Suomenkielinen", aim_fi="Vain suomeksi.")

    response = browser.get(f"{LIST}{project.slug}/")

    assertContains(response, '<span lang="fi">Suomenkielinen</span>')
    assertContains(response, '<div class="prose" lang="fi">')


def test_programme_detail_lists_its_published_projects(browser):
    programme = ProgrammeFactory(short_name_en="Door", project_count=54)
    ProjectFactory(name_fi="Julki", programme=programme)
    ProjectFactory(name_fi="Luonnos", programme=programme, published_at=None)

    response = browser.get(f"/en/programmes/{programme.slug}/")

    assertContains(response, "54")
    assert [project.name_fi for project in response.context["projects"]] == ["Julki"]


def test_programme_list_hides_drafts(browser):
    ProgrammeFactory(short_name_en="Door")
    ProgrammeFactory(short_name_en="Hidden", published_at=None)

    response = browser.get("/en/programmes/")

    assertContains(response, "Door")
    assertNotContains(response, "Hidden")


def titles(response):
    return [material.title_fi for material in response.context["page"]]


def test_material_list_hides_what_belongs_to_a_draft(browser):
    MaterialFactory(title_fi="Opas")
    MaterialFactory(title_fi="Luonnos", published_at=None)
    MaterialFactory(title_fi="Luonnoksen opas", project__published_at=None)

    assert titles(browser.get(MATERIALS)) == ["Opas"]


def test_material_list_by_kind_language_area_and_words(browser):
    area = AreaFactory(name_fi="Paikka")
    MaterialFactory(title_fi="Ruotsiksi", language="sv")
    MaterialFactory(title_fi="Työkalu", kind=Material.Kind.TOOL)
    MaterialFactory(title_fi="Paikallinen", area=area, description_en="About outreach")

    assert titles(browser.get(MATERIALS, {"language": "sv"})) == ["Ruotsiksi"]
    assert titles(browser.get(MATERIALS, {"kind": "tool"})) == ["Työkalu"]
    assert titles(browser.get(MATERIALS, {"place": "Paikka"})) == ["Paikallinen"]
    assert titles(browser.get(MATERIALS, {"q": "outreach"})) == ["Paikallinen"]


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_material_file_is_saved_and_not_opened(browser, uploads):
    material = MaterialFactory(file=ContentFile(b"%PDF-1.7 guide", "opas.pdf"))

    response = browser.get(reverse("projects:public:material_file", args=[material.pk]))

    assert b"".join(response.streaming_content) == b"%PDF-1.7 guide"
    assert response["Content-Disposition"] == 'attachment; filename="opas.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_material_file_of_a_draft_is_not_there(browser, uploads):
    material = MaterialFactory(file=ContentFile(b"%PDF", "opas.pdf"), published_at=None)

    assert browser.get(reverse("projects:public:material_file", args=[material.pk])).status_code == 404


def test_material_file_that_was_lost_is_not_there(browser, uploads):
    material = MaterialFactory(file=ContentFile(b"%PDF", "opas.pdf"))
    material.file.storage.delete(material.file.name)

    assert browser.get(reverse("projects:public:material_file", args=[material.pk])).status_code == 404


def test_contact_of_who_carries_it_out_is_shown_when_public(browser):
    organisation = OrganisationFactory()
    project = ProjectFactory(carried_out_by=organisation)
    organisation.contacts.create(name="Kysy Täältä", email="kysy@example.fi", is_public=True)
    organisation.contacts.create(name="Ei Kaikille", email="ei@example.fi")

    response = browser.get(f"{LIST}{project.slug}/")

    assertContains(response, "Kysy Täältä")
    assertNotContains(response, "Ei Kaikille")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"{LIST}?q=kokeilu", "1 project – “kokeilu”"),
        (f"{LIST}?q=zzzz", "No projects: “zzzz”"),
        (f"{MATERIALS}?q=opas", "1 material – “opas”"),
        (f"{MATERIALS}?q=zzzz", "No materials: “zzzz”"),
    ],
)
def test_heading_and_title_say_how_many_of_what(browser, address, said):
    MaterialFactory(project=ProjectFactory(name_fi="Kokeilu"), title_fi="Opas")

    response = browser.get(address)

    assertContains(response, f"<h1>{said}</h1>", html=True)
    assertContains(response, f"<title>{said} – Opinovi</title>", html=True)
