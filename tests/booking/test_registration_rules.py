"""Whatever people, counsellors and the clock do to a session, in any order: nobody sits on nobody's lap."""

from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from guidance.booking import registrations
from guidance.booking.models import GroupSession, Registration
from opinovi.models import Letter
from tests.booking.registering import MONDAY, new
from tests.factories import GroupSessionFactory, local

REFUSALS = (registrations.SessionFull, registrations.OfferOver, registrations.TooLate)
NUMBERS = st.integers(0, 99)


class Session(RuleBasedStateMachine):
    """A session with a few places, three days ahead, and what can happen to it."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(local(MONDAY, 8), tick=False)
        self.now = self.clock.start()
        starts_at = local(MONDAY + timedelta(days=3), 17)
        self.session = GroupSessionFactory(has_registration=True, capacity=2, starts_at=starts_at)

    def teardown(self):
        self.clock.stop()

    @property
    def rows(self):
        return Registration.objects.filter(session=self.session).order_by("pk")

    def act(self, action, number, **how):
        rows = list(self.rows)
        if rows:
            with suppress(*REFUSALS):
                action(rows[number % len(rows)], **how)

    @rule(waits=st.booleans())
    def sign_up(self, waits):
        loaded = GroupSession.objects.with_seats().get(pk=self.session.pk)
        if not loaded.is_open:
            return
        try:
            row = registrations.register(new(self.session), waits=waits)
        except registrations.SessionFull:
            assert not waits
            assert loaded.is_full
        else:
            assert row.is_waiting or self.rows.seats().count() <= loaded.capacity

    @rule(number=NUMBERS)
    def cancel(self, number):
        self.act(registrations.cancel, number, by=Registration.Canceller.PERSON)

    @rule(number=NUMBERS)
    def accept(self, number):
        self.act(registrations.accept, number)

    @rule(number=NUMBERS)
    def promote(self, number):
        self.act(registrations.promote, number)

    @rule(capacity=st.integers(0, 4))
    def change_capacity(self, capacity):
        taken = self.rows.seats().count()
        try:
            with transaction.atomic():
                GroupSession.objects.filter(pk=self.session.pk).update(capacity=capacity)
        except IntegrityError:
            assert taken > capacity
        else:
            assert taken <= capacity
        registrations.settle_all()

    @rule(hours=st.sampled_from([1, 5, 13]))
    def time_passes(self, hours):
        self.now.shift(timedelta(hours=hours))
        registrations.settle_all()

    @invariant()
    def nobody_is_over_and_no_place_is_left_while_somebody_waits(self):
        loaded = GroupSession.objects.with_seats().get(pk=self.session.pk)
        assert loaded.taken("on_site") == self.rows.seats().count() <= loaded.capacity
        if self.rows.waiting().exists() and loaded.free("on_site"):
            assert loaded.offer_ends_at(timezone.now()) is None  # too late to offer it

    @invariant()
    def every_letter_belongs_to_what_was(self):
        offers = Letter.objects.filter(kind="registration_offered", subject_id__in=self.rows.values("pk"))
        ended = offers.filter(state=Letter.State.QUEUED).values_list("subject_id", flat=True)
        live = set(self.rows.filter(state="offered").values_list("pk", flat=True))
        assert set(ended) == live


@pytest.mark.django_db
def test_any_order_of_acts_keeps_the_rules():
    run_state_machine_as_test(
        Session,
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
