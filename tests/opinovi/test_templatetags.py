from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from network.models import Area

MORNING = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)  # 10.15 in Helsinki
LATER = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AREA = Area(name_fi="Pirkanmaa", name_sv="Birkaland", name_en="", slug="pirkanmaa")


def printed(source, language="en", **context):
    template = engines["django"].from_string("{% load portal %}" + source)
    with override(language), time_machine.travel(datetime(2026, 11, 22, tzinfo=UTC)):
        return template.render(context)


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("day", "en", "Mon 23 Nov 2026"),
        ("day", "fi", "ma 23.11.2026"),
        ("day", "sv", "må 23.11.2026"),
        ("short_day", "en", "23 Nov 2026"),
        ("short_day", "fi", "23.11.2026"),
        ("whole_month", "en", "November 2026"),
        ("whole_month", "fi", "marraskuu 2026"),
        ("whole_month", "sv", "november 2026"),
        ("weekday", "en", "Monday 23 November"),
        ("weekday", "fi", "maanantai 23.11."),
        ("weekday", "sv", "måndag 23.11"),
        ("clock", "en", "10:15"),
        ("clock", "fi", "10.15"),
        ("moment", "en", "Mon 23 Nov 2026, 10:15"),
        ("moment", "fi", "ma 23.11.2026 klo 10.15"),
        ("moment", "sv", "må 23.11.2026 kl. 10.15"),
    ],
)
def test_date_is_written_as_people_write_it(word, language, expected):
    assert printed(f"{{{{ when|{word} }}}}", language, when=MORNING) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Mon 23 Nov, 10:15–11:00"),
        ("fi", "ma 23.11. klo 10.15–11.00"),
        ("sv", "må 23.11 kl. 10.15–11.00"),
    ],
)
def test_span_of_a_meeting(language, expected):
    assert printed("{% span starts ends %}", language, starts=MORNING, ends=LATER) == expected


def test_span_says_the_year_when_it_is_another():
    starts, ends = MORNING.replace(year=2027), LATER.replace(year=2027)

    assert printed("{% span starts ends %}", starts=starts, ends=ends) == "Tue 23 Nov 2027, 10:15–11:00"


def test_span_over_midnight_says_both_days():
    ends = LATER.replace(day=24)

    expected = "Mon 23 Nov, 10:15 – Tue 24 Nov, 11:00"
    assert printed("{% span starts ends %}", starts=MORNING, ends=ends) == expected


@pytest.mark.parametrize(
    ("starts", "ends", "language", "expected"),
    [
        (date(2008, 9, 1), date(2012, 3, 31), "fi", "1.9.2008–31.3.2012"),
        (date(2008, 9, 1), date(2012, 3, 31), "en", "1 Sep 2008 – 31 Mar 2012"),
        (date(2008, 9, 1), None, "fi", "1.9.2008 –"),
        (None, date(2012, 3, 31), "sv", "– 31.3.2012"),
        (date(2008, 9, 1), date(2008, 9, 1), "fi", "1.9.2008"),
        (None, None, "fi", ""),
    ],
)
def test_span_of_a_project(starts, ends, language, expected):
    assert printed("{% span starts ends %}", language, starts=starts, ends=ends) == expected


def test_date_filter_prints_nothing_for_no_date():
    assert printed("{{ when|day }}|{{ when|moment }}", when=None) == "|"


def test_clock_prints_a_time_of_day():
    assert printed("{{ when|clock }}", "fi", when=time(9, 5)) == "9.05"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("sv", "Birkaland"), ("en", '<span lang="fi">Pirkanmaa</span>')],
)
def test_text_says_its_language_where_it_fell_back(language, expected):
    assert printed('{% text area "name" %}', language, area=AREA) == expected


def test_text_escapes_what_people_wrote():
    area = Area(name_fi="<b>", name_sv="", name_en="")

    assert printed('{% text area "name" %}', "fi", area=area) == "&lt;b&gt;"


def test_prose_makes_paragraphs():
    area = Area(name_fi="Yksi.\n\nKaksi <b>", name_sv="", name_en="")

    expected = '<div class="prose" lang="fi"><p>Yksi.</p>\n\n<p>Kaksi &lt;b&gt;</p></div>'
    assert printed('{% prose area "name" %}', "sv", area=area) == expected


def test_prose_prints_nothing_for_no_text():
    assert printed('{% prose area "name" %}', area=Area(name_fi="", name_sv="", name_en="")) == ""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/office/organisations/", ' aria-current="page"'),
        ("/en/office/organisations/add/", ' aria-current="true"'),
        ("/en/office/", ""),
    ],
)
def test_nav_link_says_where_one_is(path, expected):
    request = RequestFactory().get(path)

    link = printed('{% nav_link "network:office:organisation_list" "Organisations" %}', request=request)

    assert link == f'<a href="/en/office/organisations/"{expected}>Organisations</a>'


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/en/desk/calendar/day/", ' aria-current="true"'),
        ("/en/desk/calls/7/done/", ' aria-current="true"'),
        ("/en/desk/calendar/feed/", ""),
    ],
)
def test_nav_link_stands_for_further_pages(path, expected):
    request = RequestFactory().get(path)
    source = (
        '{% nav_link "booking:desk:calendar_week" "Calendar" '
        'also="booking:desk:calendar_day booking:desk:call_back_list" %}'
    )

    assert printed(source, request=request) == f'<a href="/en/desk/calendar/"{expected}>Calendar</a>'


@pytest.mark.django_db
def test_language_switch_keeps_the_page(browser):
    page = browser.get("/en/account/login/?next=/en/desk/")

    for link in page.context["languages"]:
        assert browser.get(link.path).resolver_match.view_name == "account_login"
        assert link.path.endswith("?next=/en/desk/")


def test_language_switch_of_a_missing_page_leads_to_the_front_page(browser):
    page = browser.get("/en/no-such-page/")

    assert [link.path for link in page.context["languages"]] == ["/fi/", "/sv/", "/en/"]
