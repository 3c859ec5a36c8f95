"""The history of rows that come together: every one of them is kept, with who brought it."""

import pghistory
import pytest
from django.db import transaction

from network.history import versions_of
from network.models import Contact, Organisation
from opinovi.bulk import copy_in
from tests.factories import ContactFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def contacts_of(organisation, count):
    return ContactFactory.build_batch(count, organisation=organisation)


@pytest.mark.parametrize("write", [Contact.objects.bulk_create, copy_in], ids=["insert", "copy"])
def test_history_keeps_every_row_of_a_batch_as_it_was_written(write):
    organisation, user = OrganisationFactory(), UserFactory(name="Maija")

    with pghistory.context(user=user.pk), transaction.atomic():
        write(contacts_of(organisation, 3))

    columns = [field.attname for field in Contact._meta.concrete_fields if field.attname != "id"]
    kept = Contact.pgh_event_model.objects.order_by("pgh_obj_id").values_list("pgh_obj_id", *columns)
    assert list(kept) == list(Contact.objects.order_by("pk").values_list("pk", *columns))
    versions = versions_of((Contact, {"organisation": organisation.pk}))
    assert [version.who for version in versions] == ["Maija"] * 3


def test_history_of_a_batch_that_was_there_in_part_keeps_what_is_new():
    old = OrganisationFactory(name_fi="Vanha")
    again = Organisation(pk=old.pk, name_fi="Muu", slug=old.slug, sector=old.sector)
    new = OrganisationFactory.build(name_fi="Uusi", sector=old.sector)

    Organisation.objects.bulk_create([again, new], ignore_conflicts=True)

    events = Organisation.pgh_event_model.objects.order_by("pgh_id")
    assert list(events.values_list("pgh_label", "name_fi")) == [("insert", "Vanha"), ("insert", "Uusi")]


def test_history_of_a_batch_that_changes_what_is_there_tells_both_apart():
    old = OrganisationFactory(name_fi="Vanha")
    again = Organisation(pk=old.pk, name_fi="Muu", slug=old.slug, sector=old.sector)
    new = OrganisationFactory.build(name_fi="Uusi", sector=old.sector)

    Organisation.objects.bulk_create(
        [again, new], update_conflicts=True, unique_fields=["slug"], update_fields=["name_fi"]
    )

    events = Organisation.pgh_event_model.objects.order_by("pgh_id")
    told = set(events.values_list("pgh_label", "name_fi"))
    assert told == {("insert", "Vanha"), ("update", "Muu"), ("insert", "Uusi")}
