"""The catalogues without the gettext tools: what is collected, what is incomplete, what is compiled."""

import gettext

import pytest

from opinovi.translations import collect, compile_catalogues, judge, update

TEMPLATE = """
{% load i18n %}
  <h1>{% translate "Find training" %}</h1>
{% blocktranslate trimmed count number=total %}
    One place
    is free
  {% plural %}
    {{ number }} places are free
{% endblocktranslate %}
      {% translate "Open" context "state of a call" %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

title = _("Hello %(name)s")
count = ngettext("%(n)s stop", "%(n)s stops", 3)
label = pgettext("of a door", "Open")
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "views.py").write_text(CODE)
    return tmp_path


@pytest.fixture
def catalogue(project):
    """The Finnish file with every message, none of them translated."""
    update("fi", collect(project), project)
    return project / "fi" / "LC_MESSAGES" / "django.po"


def translated(text, message, translation):
    return text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{translation}"')


def faults(project):
    return list(judge("fi", collect(project), project).lines())


def test_messages_are_collected_from_templates_and_code(project):
    found = {(message.context, message.id) for message in collect(project) if message.id}

    assert found == {
        (None, "Find training"),
        (None, ("One place is free", "%(number)s places are free")),
        ("state of a call", "Open"),
        (None, "Hello %(name)s"),
        (None, ("%(n)s stop", "%(n)s stops")),
        ("of a door", "Open"),
    }


def test_untranslated_and_missing_messages_are_faults(project, catalogue):
    text = catalogue.read_text().replace('msgid "Find training"\nmsgstr ""', 'msgid "Gone"\nmsgstr "Poissa"')
    catalogue.write_text(text)

    assert sorted(faults(project)) == [
        "fi: no longer used: 'Gone'",
        "fi: not collected: 'Find training'",
        "fi: untranslated: '%(n)s stop'",
        "fi: untranslated: 'Hello %(name)s'",
        "fi: untranslated: 'One place is free'",
        "fi: untranslated: 'Open' in 'of a door'",
        "fi: untranslated: 'Open' in 'state of a call'",
    ]


def test_fuzzy_messages_and_lost_placeholders_are_faults(project, catalogue):
    text = catalogue.read_text()
    text = text.replace('msgid "Find training"\nmsgstr ""', '#, fuzzy\nmsgid "Find training"\nmsgstr "Etsi"')
    catalogue.write_text(translated(text, "Hello %(name)s", "Hei %(nimi)s"))

    found = [fault for fault in faults(project) if "untranslated" not in fault]

    assert found == [
        "fi: fuzzy: 'Find training'",
        "fi: wrong: 'Hello %(name)s' (unknown named placeholder 'nimi')",
    ]


def test_update_keeps_what_is_translated(project, catalogue):
    catalogue.write_text(translated(catalogue.read_text(), "Find training", "Etsi"))
    (project / "network" / "views.py").write_text('label = _("New")')

    update("fi", collect(project), project)

    assert 'msgid "Find training"\nmsgstr "Etsi"' in catalogue.read_text()
    assert 'msgid "New"\nmsgstr ""' in catalogue.read_text()
    assert "Hello" not in catalogue.read_text()


def test_compiled_catalogue_follows_its_source(project, catalogue):
    catalogue.write_text(translated(catalogue.read_text(), "Find training", "Etsi"))

    compile_catalogues(project)

    with catalogue.with_suffix(".mo").open("rb") as handle:
        assert gettext.GNUTranslations(handle).gettext("Find training") == "Etsi"
