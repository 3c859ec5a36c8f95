"""What a page says to programs, and where its other forms are."""

import json
import re

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import resolve
from django.utils.translation import override

from opinovi.templatetags.formats import breadcrumbs_ld, json_ld, webcal

HEAD_LINKS = '{% include "partials/_head_links.html" with request=request only %}'


def blocks(html):
    """The data of every JSON-LD block in a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(block) for block in found]


def head_links(address):
    request = RequestFactory().get(address)
    request.resolver_match = resolve(request.path)
    return Template(HEAD_LINKS).render(Context({"request": request}))


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "<!--", "A & B", "]]>", "\u2028"])
def test_json_ld_lets_no_text_out_of_its_block(name):
    html = json_ld({"@type": "Course", "name": name})

    assert html.count("<") == html.count(">") == 2
    assert blocks(html) == [{"@context": "https://schema.org", "@type": "Course", "name": name}]


def test_breadcrumbs_tell_the_way_from_the_front_page(settings):
    settings.ADDRESS = "https://opinovi.example.fi"

    data = blocks(breadcrumbs_ld([("Training", "/en/trainings/")], "Cook"))[0]

    assert data["@type"] == "BreadcrumbList"
    assert [(step["position"], step["name"], step.get("item")) for step in data["itemListElement"]] == [
        (1, "Front page", "https://opinovi.example.fi/en/"),
        (2, "Training", "https://opinovi.example.fi/en/trainings/"),
        (3, "Cook", None),
    ]


def test_webcal_is_the_same_address_for_a_calendar_program():
    assert webcal("https://opinovi.example.fi/en/a.ics?q=1") == "webcal://opinovi.example.fi/en/a.ics?q=1"


def test_head_of_a_list_leads_to_its_feed_with_the_same_choices():
    with override("fi"):
        html = head_links("/fi/koulutukset/?time=evening&time=day&page=3")

    assert 'type="application/atom+xml"' in html
    assert 'href="/fi/koulutukset/feed.atom?time=evening&amp;time=day"' in html


@pytest.mark.parametrize("address", ["/en/", "/en/areas/", "/en/privacy/", "/en/office/trainings/"])
def test_head_of_another_page_leads_to_no_feed(address):
    html = head_links(address)

    assert "atom" not in html
    assert 'href="/en/opensearch.xml"' in html
