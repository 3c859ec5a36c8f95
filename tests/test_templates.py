"""Every template compiles, is used, says what it needs, and has nothing inline."""

import re
from pathlib import Path

import allauth
import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "templates"
ALLAUTH = Path(allauth.__file__).parent / "templates"
TEMPLATES = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.*"))
PAGES = [name for name in TEMPLATES if name.endswith(".html") and "/letters/" not in name]
PARTIALS = [name for name in PAGES if name.rpartition("/")[2].startswith("_")]
BY_NAME = {"400.html", "403.html", "404.html", "500.html", "429.html"}  # the last is allauth's
BY_CRISPY = re.compile(r"crispy/(field|whole_uni_form|layout/\w+)\.html")
APPS = ("opinovi", "network", "projects", "guidance")

CODE = "\n".join(file.read_text() for app in APPS for file in (ROOT / app).rglob("*.py"))
MARKUP = {name: (FOLDER / name).read_text() for name in TEMPLATES}


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_is_used(name):
    letter = re.sub(r"(\.subject|\.sms)?\.(txt|html)$", "", name)
    folder, _slash, word = letter.rpartition("/")
    used = (
        name in BY_NAME
        or BY_CRISPY.fullmatch(name)
        or (ALLAUTH / name).exists()
        or f'"{name}"' in CODE
        or ("/letters/" in name and f'"{letter}"' in CODE)
        or (f'"{folder}/{{' in CODE and f'"{word}"' in CODE)  # f"booking/letters/{kind}"
        or any(f'"{name}"' in text for other, text in MARKUP.items() if other != name)
    )

    assert used


@pytest.mark.parametrize("name", PAGES)
def test_template_has_nothing_inline(name):
    text = MARKUP[name]

    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert " src=" in script


@pytest.mark.parametrize("name", PAGES)
def test_template_loads_nothing_from_other_sites(name):
    assert not re.search(
        r"""(?:src|srcset)=["']?(?:https?:)?//|<link[^>]+href=["']?(?:https?:)?//""", MARKUP[name]
    )


@pytest.mark.parametrize("name", PARTIALS)
def test_partial_says_what_it_needs(name):
    assert MARKUP[name].startswith("{# ")


@pytest.mark.parametrize("name", PAGES)
def test_partials_get_only_what_they_need(name):
    includes = re.findall(r"{%-?\s*include\s[^%]+%}", MARKUP[name])

    assert [include for include in includes if not re.search(r"\sonly\s*%}$", include)] == []
