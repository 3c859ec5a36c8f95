"""The project editor, as a coordinator of the organisation that carries the project out uses it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from projects.models import Project, ProjectGoal, ProjectPartner
from tests.factories import (
    AreaFactory,
    ChallengeFactory,
    IndicatorFactory,
    MaterialFactory,
    OrganisationFactory,
    ProgrammeFactory,
    ProjectFactory,
    ProjectGoalFactory,
    ProjectPartnerFactory,
    ResultFactory,
    ServicePointFactory,
    TargetGroupFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(coordinator):
    return coordinator.affiliations.get().organisation


@pytest.fixture
def project(organisation):
    return ProjectFactory(name_fi="Oma hanke", carried_out_by=organisation)


def address(name, project, *more):
    return reverse(f"projects:office:{name}", args=[project.slug, *more])


def sent(page, **values):
    """What a browser sends when the form of a page is saved, with some values written anew."""
    form = page.context.get("rows") or page.context["form"]
    parts = [form.management_form, *form.forms] if hasattr(form, "management_form") else [form]
    data = {"seen": page.context.get("seen", "")}
    for part in parts:
        for field in part:
            value = field.value()
            if value is not None and value is not False and value != "" and field.widget_type != "file":
                data[field.html_name] = value
    return data | values


def save(browser, url, **values):
    return browser.post(url, sent(browser.get(url), **values))


def test_project_list_has_own_projects_only(browser, project):
    ProjectFactory(name_fi="Toisten hanke")

    response = browser.get("/en/office/projects/")

    assert [row.name_fi for row in response.context["page"]] == ["Oma hanke"]


def test_project_list_of_a_mere_partner_does_not_have_the_project(browser, organisation):
    ProjectPartnerFactory(organisation=organisation, role=ProjectPartner.Role.PARTNER)

    assert list(browser.get("/en/office/projects/").context["page"]) == []


def test_project_list_of_an_administrator_has_all(browser, administrator):
    ProjectFactory.create_batch(2)

    assert len(browser.get("/en/office/projects/").context["page"]) == 2


def test_project_of_others_is_not_there(browser, coordinator):
    theirs = ProjectFactory()

    assert browser.get(address("project_edit", theirs)).status_code == 404
    assert browser.get(address("goal_list", theirs)).status_code == 404
    assert browser.post(address("project_publish", theirs)).status_code == 404


def test_project_add_makes_a_draft_that_one_can_edit(browser, organisation):
    data = {"name_fi": "Uusi hanke", "organisation": organisation.pk}

    response = browser.post("/en/office/projects/add/", data)

    project = Project.objects.get()
    assertRedirects(response, address("project_edit", project))
    assert (project.slug, project.published_at) == ("uusi-hanke", None)
    assert [(part.organisation, part.role) for part in project.partners.all()] == [
        (organisation, ProjectPartner.Role.ADMINISTRATOR)
    ]


def test_project_add_for_anothers_organisation_is_refused(browser, coordinator):
    other = OrganisationFactory()

    response = browser.post("/en/office/projects/add/", {"name_fi": "Uusi", "organisation": other.pk})

    assert response.status_code == 200
    assert not Project.objects.exists()


def test_project_edit_saves_the_three_languages(browser, project):
    url = address("project_edit", project)
    programme = ProgrammeFactory()

    response = save(
        browser, url, name_sv="Eget projekt", aim_en="A clear aim.", programme=programme.pk, budget="1000"
    )

    assertRedirects(response, url)
    project.refresh_from_db()
    assert (project.name_sv, project.aim_en, project.programme, project.budget) == (
        "Eget projekt",
        "A clear aim.",
        programme,
        1000,
    )
    assert project.slug.startswith("hanke-")


def test_project_edit_shows_what_was_changed_and_by_whom(browser, project, coordinator):
    url = address("project_edit", project)

    save(browser, url, aim_en="A clear aim.")

    response = browser.get(url)
    newest = response.context["versions"][0]
    assert newest.who == coordinator.name
    assert [(change.name, change.old, change.new) for change in newest.changes] == [
        ("main aim, in English", "–", "A clear aim.")
    ]


def test_project_edit_with_an_end_before_the_beginning_says_so(browser, project):
    response = save(browser, address("project_edit", project), starts_on="2026-05-01", ends_on="2026-04-01")

    assertContains(response, "A project cannot end before it begins.")


def test_project_that_somebody_saved_in_between_is_not_overwritten(browser, project):
    url = address("project_edit", project)
    mine = sent(browser.get(url), aim_en="Mine.")
    save(browser, url, aim_en="Theirs.", legacy_en="It goes on.")

    response = browser.post(url, mine)

    project.refresh_from_db()
    assert project.aim_en == "Theirs."
    assertContains(response, "Somebody saved this page while you wrote")
    assertContains(response, "It goes on.")
    assert response.context["form"]["aim_en"].value() == "Mine."


def test_project_is_saved_over_theirs_when_one_has_seen_it(browser, project):
    url = address("project_edit", project)
    mine = sent(browser.get(url), aim_en="Mine.")
    save(browser, url, aim_en="Theirs.")
    told = browser.post(url, mine)

    browser.post(url, sent(told))

    project.refresh_from_db()
    assert project.aim_en == "Mine."


def test_project_publish_shows_and_hides_the_project(browser, project):
    url = address("project_publish", project)

    browser.post(url)
    project.refresh_from_db()
    hidden = project.published_at

    browser.post(url)
    project.refresh_from_db()

    assert hidden is None
    assert project.published_at is not None


def test_partner_list_adds_changes_and_removes(browser, project, organisation):
    url = address("partner_list", project)
    stays, goes = ProjectPartnerFactory.create_batch(2, project=project)
    new = OrganisationFactory()
    page = browser.get(url)
    rows = {form.instance.pk: form.prefix for form in page.context["rows"]}

    browser.post(
        url,
        sent(
            page,
            **{
                f"{rows[stays.pk]}-note_fi": "Vierumäen yksikkö",
                f"{rows[goes.pk]}-DELETE": "on",
                f"{rows[None]}-organisation": new.pk,
                f"{rows[None]}-role": "funder",
            },
        ),
    )

    assert list(project.partners.by_role().values_list("organisation", "role", "note_fi")) == [
        (organisation.pk, "administrator", None),
        (stays.organisation.pk, "partner", "Vierumäen yksikkö"),
        (new.pk, "funder", None),
    ]


def test_partner_that_has_the_role_already_is_refused_in_words(browser, project, organisation):
    url = address("partner_list", project)
    page = browser.get(url)
    new = page.context["rows"][-1].prefix

    response = browser.post(
        url, sent(page, **{f"{new}-organisation": organisation.pk, f"{new}-role": "administrator"})
    )

    assertContains(response, "The organisation already has this role in the project.")
    assert project.partners.count() == 1


def test_section_that_somebody_saved_in_between_is_not_overwritten(browser, project):
    url = address("result_list", project)
    ResultFactory(project=project, text_fi="Alku")
    mine = sent(browser.get(url), **{"form-0-text_fi": "Minun"})
    save(browser, url, **{"form-0-text_fi": "Toisen"})

    response = browser.post(url, mine)

    assertContains(response, "Somebody saved this page while you wrote")
    assertContains(response, "Toisen")
    assert [result.text_fi for result in project.results.all()] == ["Toisen"]


def test_row_that_somebody_removed_in_between_is_told_of(browser, project):
    url = address("challenge_list", project)
    ChallengeFactory(project=project)
    mine = sent(browser.get(url), **{"form-0-text_fi": "Minun"})
    save(browser, url, **{"form-0-DELETE": "on"})

    response = browser.post(url, mine)

    assertContains(response, "Somebody removed this row in between.")


@pytest.mark.parametrize(("name", "related"), [("challenge_list", "challenges"), ("result_list", "results")])
def test_new_row_without_a_place_comes_last(browser, project, name, related):
    url = address(name, project)
    save(browser, url, **{"form-0-text_fi": "Ensin"})

    save(browser, url, **{"form-1-text_fi": "Sitten"})
    save(browser, url, **{"form-2-text_fi": "Kärkeen", "form-2-order": "0"})

    assert [row.text_fi for row in getattr(project, related).all()] == ["Kärkeen", "Ensin", "Sitten"]


def test_area_list_takes_a_name_or_a_postcode(browser, project):
    url = address("area_list", project)
    town = AreaFactory(name_fi="Kaupunki")

    save(browser, url, **{"form-0-place": "kaupunki"})
    again = save(browser, url, **{"form-1-place": "Kaupunki"})
    unknown = save(browser, url, **{"form-1-place": "Olematon"})

    assert list(project.areas.all()) == [town]
    assertContains(again, "The project already has this area.")
    assertContains(unknown, "We know no place called “Olematon”.")


def test_service_point_list_joins_a_point(browser, project):
    point = ServicePointFactory()

    save(browser, address("service_point_list", project), **{"form-0-service_point": point.pk})

    assert list(project.service_points.all()) == [point]


def test_goal_list_shares_a_goal_with_own_other_projects(browser, project, organisation):
    other = ProjectFactory(carried_out_by=organisation)

    save(
        browser,
        address("goal_list", project),
        **{"form-0-text_fi": "Yhteinen", "form-0-theme_fi": "Teema", "form-0-others": [other.pk]},
    )

    goal = ProjectGoal.objects.get()
    assert set(goal.projects.all()) == {project, other}


def test_goal_shared_with_others_projects_stays_theirs(browser, project):
    theirs = ProjectFactory()
    goal = ProjectGoalFactory(projects=[project, theirs])
    url = address("goal_list", project)

    save(browser, url, **{"form-0-text_sv": "Gemensamt"})
    assert set(goal.projects.all()) == {project, theirs}

    save(browser, url, **{"form-0-DELETE": "on"})
    assert set(goal.projects.all()) == {theirs}


def test_goal_that_no_project_has_any_more_is_gone(browser, project):
    ProjectGoalFactory(projects=[project])

    save(browser, address("goal_list", project), **{"form-0-DELETE": "on"})

    assert not ProjectGoal.objects.exists()


def test_target_group_list_keeps_the_projects_own_words(browser, project):
    group = TargetGroupFactory()

    save(
        browser,
        address("target_group_list", project),
        **{"form-0-reach": "final", "form-0-group": group.pk, "form-0-wording_fi": "Kaikki aikuiset"},
    )

    assert list(project.target_groups.values_list("reach", "group", "wording_fi")) == [
        ("final", group.pk, "Kaikki aikuiset")
    ]


def test_indicator_gets_a_target_and_figures(browser, project):
    url = address("indicator_list", project)
    save(
        browser,
        url,
        **{
            "form-0-name_fi": "Ohjatut",
            "form-0-unit_fi": "henkilöä",
            "form-0-code": "ohjatut",
            "form-0-target": "450",
        },
    )
    indicator = project.indicators.get()
    readings = address("reading_list", project, indicator.pk)

    save(browser, readings, **{"form-0-read_on": "2026-01-31", "form-0-value": "312"})

    assertContains(browser.get(url), readings)
    assert [(row.value, row.read_on.isoformat()) for row in indicator.readings.all()] == [(312, "2026-01-31")]


def test_figure_for_the_same_day_is_refused_in_words(browser, project):
    indicator = IndicatorFactory(project=project)
    url = address("reading_list", project, indicator.pk)
    save(browser, url, **{"form-0-read_on": "2026-01-31", "form-0-value": "1"})

    response = save(browser, url, **{"form-1-read_on": "2026-01-31", "form-1-value": "2"})

    assertContains(response, "There is already a reading for this day.")


def test_figures_of_anothers_indicator_are_not_there(browser, project):
    theirs = IndicatorFactory()

    assert browser.get(address("reading_list", project, theirs.pk)).status_code == 404


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def material(name, content):
    return {
        "form-0-title_fi": "Opas",
        "form-0-kind": "guide",
        "form-0-is_shown": "on",
        "form-0-file": SimpleUploadedFile(name, content),
    }


def test_material_is_uploaded_and_shown(browser, project, uploads):
    save(browser, address("material_list", project), **material("opas.pdf", b"%PDF-1.7 words"))

    row = project.materials.get()
    assert row.published_at is not None
    with row.file.open() as file:
        assert file.read() == b"%PDF-1.7 words"
    assertContains(browser.get(f"/en/projects/{project.slug}/"), "Opas")


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("opas.html", b"<script>", "Choose a file of one of these kinds"),
        ("opas.pdf", b"<script>alert(1)</script>", "The file is not what its name says."),
    ],
)
def test_material_of_another_kind_is_refused(browser, project, uploads, name, content, refusal):
    response = save(browser, address("material_list", project), **material(name, content))

    assertContains(response, refusal)
    assert not project.materials.exists()


def test_material_that_is_unticked_becomes_a_draft(browser, project):
    row = MaterialFactory(project=project)
    url = address("material_list", project)
    data = sent(browser.get(url))
    del data["form-0-is_shown"]

    browser.post(url, data)

    row.refresh_from_db()
    assert row.published_at is None


def test_project_history_tells_of_every_part(browser, project, coordinator):
    area = AreaFactory(name_fi="Kaupunki")
    save(browser, address("area_list", project), **{"form-0-place": "Kaupunki"})
    save(browser, address("challenge_list", project), **{"form-0-text_fi": "Vaikea asia"})

    response = browser.get(address("project_history", project))

    assertContains(response, f"area: {area}")
    assertContains(response, "challenge: Vaikea asia")
    assertContains(response, coordinator.name)


@pytest.mark.parametrize("count", [1, 4])
def test_section_costs_the_same_for_any_number_of_rows(
    browser, project, count, django_assert_max_num_queries
):
    ProjectPartnerFactory.create_batch(count, project=project)

    with django_assert_max_num_queries(17):
        response = browser.get(address("partner_list", project))

    assertNotContains(response, "error-summary")
