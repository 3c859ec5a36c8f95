"""Lists whose rows are read only when somebody looks at them."""

import pytest

from network.forms.paging import RememberingPaginator
from network.models import Organisation
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisations():
    return OrganisationFactory.create_batch(3)


def second_page():
    rows = Organisation.objects.order_by("pk")
    return RememberingPaginator(rows, 2, name="organisations").page(2)


def test_page_holds_its_rows_in_their_order(organisations):
    assert list(second_page()) == organisations[2:]


def test_rows_are_read_once_and_only_when_they_are_looked_at(organisations, django_assert_num_queries):
    page = second_page()

    with django_assert_num_queries(0):
        assert (len(page), bool(page.object_list)) == (1, True)
    with django_assert_num_queries(1):
        assert [list(page), list(page.object_list)] == [organisations[2:], organisations[2:]]


def test_row_that_was_deleted_meanwhile_is_left_out(organisations):
    page = second_page()
    organisations[2].delete()

    assert list(page) == []


def test_pages_of_a_list_are_told_apart(organisations):
    first = RememberingPaginator(Organisation.objects.order_by("pk"), 2, name="organisations").page(1)

    assert first.name != second_page().name
