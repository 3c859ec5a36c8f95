import pytest
from django.core.cache import caches
from django.template import Context, Template

from opinovi.memory import begun


@pytest.fixture
def content():
    """The cache, as a request knows it."""
    cache = caches["content"]
    cache.clear()
    yield cache
    cache.clear()


@pytest.fixture
def under():
    """Act as a request that began under a state of the content."""
    tokens = []

    def begin(moment):
        tokens.append(begun.set(moment))

    yield begin
    for token in reversed(tokens):
        begun.reset(token)


def test_value_is_made_once_under_the_same_content(content, under):
    under(1)
    made = []

    values = [content.get_or_set("regions", lambda: made.append(1) or len(made), 60) for _ in range(3)]

    assert values == [1, 1, 1]


def test_value_is_made_anew_when_content_has_changed(content, under):
    under(1)
    content.set("regions", "before", 60)

    under(2)

    assert content.get("regions") is None


def test_value_of_a_request_that_began_before_a_change_does_not_reach_the_next(content, under):
    under(2)
    content.set("regions", "after", 60)
    under(1)
    content.set("regions", "before", 60)

    under(2)

    assert content.get("regions") is None


def test_nothing_is_kept_outside_a_request(content):
    content.set("regions", "kept", 60)

    assert content.get("regions") is None
    assert content.get_or_set("regions", lambda: "made", 60) == "made"


def test_value_is_gone_after_its_time(content, under):
    under(1)

    content.set("regions", "kept", -1)

    assert content.get("regions", "gone") == "gone"


def test_what_was_not_asked_for_the_longest_goes(content, under, settings):
    under(1)
    most = settings.CACHES["content"]["OPTIONS"]["MAX_ENTRIES"]
    for number in range(most):
        content.set(str(number), number, 60)

    content.get("0")
    content.set("new", "new", 60)

    assert (content.get("0"), content.get("1")) == (0, None)


def test_part_of_a_template_is_made_once(content, under):
    under(1)
    part = Template('{% load cache %}{% cache 60 row pk using="content" %}{{ name }}{% endcache %}')

    printed = [part.render(Context({"pk": 1, "name": name})) for name in ("first", "second")]

    assert printed == ["first", "first"]
    assert part.render(Context({"pk": 2, "name": "other"})) == "other"
