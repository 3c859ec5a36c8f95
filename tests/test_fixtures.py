"""The data the portal starts from is whole, in three languages, and can be loaded again and again."""

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction
from modeltranslation.translator import translator

from network.models import Area, Network, Organisation, Postcode, Sector
from opinovi.demo.content import FIXTURES
from projects.models import Material, Programme, Project, ProjectGoal, TargetGroup

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parent.parent / "fixtures"
PARSERS = {".json": json.loads, ".yaml": yaml.safe_load}
LANGUAGES_OF_NAMES = {  # names that nobody has given another language
    ("network.organisation", "name"): ("fi",),
    ("projects.project", "name"): ("fi",),
    ("network.postcode", "name"): ("fi", "sv"),
}
TRANSLATED = {
    model._meta.label_lower: translator.get_options_for_model(model).fields
    for model in translator.get_registered_models()
}


def rows():
    """Each row of the fixtures: its model's label, and its fields."""
    for file in sorted(FOLDER.iterdir()):
        for row in PARSERS[file.suffix](file.read_text(encoding="utf-8")):
            assert "pk" not in row, f"{file.name}: rows are known by natural keys"
            yield row["model"], row["fields"]


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Loaded once, because it takes seconds; no test here changes anything."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *FIXTURES, verbosity=0)
        yield
        transaction.set_rollback(True)


def test_every_fixture_file_is_loaded():
    assert {file.stem for file in FOLDER.iterdir()} == set(FIXTURES)


def untranslated(label, fields):
    """The texts of a row that lack a language they should have."""
    for name in TRANSLATED.get(label, ()):
        needed = LANGUAGES_OF_NAMES.get((label, name), ("fi", "sv", "en"))
        written = [fields.get(f"{name}_{code}") for code in ("fi", "sv", "en")]
        if any(written) and not all(fields.get(f"{name}_{code}") for code in needed):
            yield label, name, written


def test_every_text_is_in_three_languages():
    gaps = [gap for label, fields in rows() for gap in untranslated(label, fields)]

    assert gaps == []


def test_areas_are_all_there(loaded):
    kinds = Counter(Area.objects.values_list("kind", flat=True))

    assert kinds == {
        "country": 1,
        "region": 19,
        "municipality": 309,
        "subregion": 68,
        "ely": 15,
        "vitality": 10,
        "project": 3,
    }
    assert Postcode.objects.count() == 3024


def test_every_municipality_lies_in_a_region_and_one_subregion(loaded):
    municipalities = Area.objects.municipalities()

    assert set(municipalities.values_list("parent__kind", flat=True)) == {"region"}
    wholes = Counter(municipalities.filter(wholes__kind="subregion").values_list("code", flat=True))
    assert set(wholes.values()) == {1}
    assert len(wholes) == 309


def test_mainland_regions_have_one_ely_area_and_one_vitality_centre(loaded):
    regions = Area.objects.regions().exclude(slug="ahvenanmaa")

    for kind in ("ely", "vitality"):
        links = Counter(regions.filter(wholes__kind=kind).values_list("slug", flat=True))
        assert set(links.values()) == {1}
        assert len(links) == 18


def test_ely_areas_are_followed_by_those_that_have_their_regions(loaded):
    followed = {
        area.slug: [successor.slug for successor in area.successors.all()]
        for area in Area.objects.filter(kind="ely", slug__in=["hameen-ely-alue", "kainuun-ely-alue"])
    }

    assert followed == {
        "hameen-ely-alue": ["sisa-suomen-elinvoimakeskus"],
        "kainuun-ely-alue": ["pohjois-suomen-elinvoimakeskus"],
    }


def test_bilingual_and_swedish_municipalities_are_known(loaded):
    languages = Counter(
        tuple(codes) for codes in Area.objects.municipalities().values_list("languages", flat=True)
    )

    assert languages == {("fi",): 260, ("fi", "sv"): 33, ("sv",): 16}


def test_loading_again_changes_nothing(loaded):
    models = [Area, Sector, TargetGroup, Organisation, Programme, Project, ProjectGoal, Material, Network]
    before = [model.objects.count() for model in models]

    call_command("loaddata", *FIXTURES, verbosity=0)

    assert [model.objects.count() for model in models] == before


def test_joint_goals_are_written_once(loaded):
    shared = [goal for goal in ProjectGoal.objects.prefetch_related("projects") if goal.projects.count() > 1]

    assert len(shared) == 4
    assert {project.slug for goal in shared for project in goal.projects.all()} == {
        "varsinais-suomen-opinovi",
        "opin-ovi-aikuisopiskeluun",
    }
