"""Whatever people do in whatever order, the calendar stays true."""

from contextlib import suppress
from datetime import time, timedelta
from itertools import pairwise

import pytest
import time_machine
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guidance.booking import actions, holds, waiting
from guidance.booking.models import Absence, Appointment, Hold, WaitingEntry
from guidance.booking.models.appointment import busy_around
from guidance.booking.slots import Timetable, Way
from opinovi.models import Letter
from tests.factories import (
    AffiliationFactory,
    AvailabilityFactory,
    ChannelFactory,
    GuidanceServiceFactory,
    WaitingEntryFactory,
    local,
)

PEOPLE = [f"person{number}@example.fi" for number in range(6)]
which = st.integers(0, 30)


class Calendar(RuleBasedStateMachine):
    """Two counsellors, one day, and people who book, hold, move, cancel, wait and answer."""

    appointments = Bundle("appointments")
    entries = Bundle("entries")

    @initialize(pause=st.sampled_from([0, 15]), confirms=st.booleans())
    def begin(self, pause, confirms):
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.traveller = self.clock.start()
        self.day = timezone.localdate() + timedelta(days=3)
        self.way = Way(ChannelFactory().pk)
        self.service = GuidanceServiceFactory(
            duration_minutes=45,
            pause_after_minutes=pause,
            grid_minutes=30,
            lead_hours=0,
            most_open=None,
            needs_confirmation=confirms,
        )
        self.users = [AffiliationFactory(organisation=self.service.organisation).user for _two in range(2)]
        for user in self.users:
            AvailabilityFactory(
                service=self.service, counsellor=user, on=self.day, starts_at=time(9), ends_at=time(12)
            )

    def teardown(self):
        self.clock.stop()

    def slots(self, **options):
        return Timetable([self.service], **options).free(self.service, self.way, self.day, self.day)

    def slot(self, number, **options):
        slots = self.slots(**options)
        return slots[number % len(slots)] if slots else None

    def request(self, person, **words):
        return Appointment(
            guidance_service=self.service,
            channel_id=self.way.channel_id,
            name=person,
            email=person,
            language="fi",
            **words,
        )

    @rule(target=appointments, number=which, person=st.sampled_from(PEOPLE))
    def book(self, number, person):
        slot = self.slot(number)
        if slot is None:
            return multiple()
        return actions.book(self.request(person), slot=slot, accepts_overlap=True)

    @rule(target=appointments, number=which, person=st.sampled_from(PEOPLE), has_expired=st.booleans())
    def hold_and_book(self, number, person, has_expired):
        slot = self.slot(number)
        if slot is None:
            return multiple()
        request = self.request(person)
        assert holds.hold(self.service, self.way, slot, nonce=request.nonce)
        if has_expired:
            self.traveller.shift(timedelta(minutes=11))
            holds.sweep()
            return multiple()
        mine = Timetable([self.service], holding=request.nonce).at(self.service, self.way, slot.starts_at)
        return actions.book(request, slot=mine, accepts_overlap=True)

    @rule(appointment=appointments, number=which)
    def move(self, appointment, number):
        slot = self.slot(number, ignoring=appointment)
        if slot and Appointment.objects.get(pk=appointment.pk).can_change:
            actions.move(appointment, slot=slot)

    @rule(appointment=appointments, by=st.sampled_from(["person", "counsellor"]))
    def cancel(self, appointment, by):
        actions.cancel(appointment, by=Appointment.Canceller(by))

    @rule(appointment=appointments)
    def confirm(self, appointment):
        if Appointment.objects.get(pk=appointment.pk).can_change:
            actions.confirm(appointment)

    @rule(appointment=appointments)
    def reinstate(self, appointment):
        try:
            actions.reinstate(appointment)
        except actions.SlotTaken:
            assert not Appointment.objects.live().filter(pk=appointment.pk).exists()

    @rule(appointment=appointments, number=st.integers(0, 1))
    def hand_over(self, appointment, number):
        with suppress(actions.SlotTaken, actions.TooLate):
            actions.hand_over(appointment, to=self.users[number])

    @rule(hour=st.integers(9, 11), number=st.integers(0, 1))
    def be_away(self, hour, number):
        begin = local(self.day, hour)
        Absence.objects.create(
            counsellor=self.users[number], starts_at=begin, ends_at=begin + timedelta(hours=1)
        )

    @rule()
    def be_back(self):
        Absence.objects.filter(counsellor__in=self.users).delete()

    @rule(target=entries, person=st.sampled_from(PEOPLE))
    def wait(self, person):
        entry = WaitingEntryFactory.build(guidance_service=self.service, email=person, name=person)
        return waiting.join(entry)

    @rule()
    def pass_on(self):
        waiting.pass_on()

    @rule(target=appointments, entry=entries)
    def accept(self, entry):
        try:
            return waiting.accept(entry)
        except waiting.OfferEnded:
            return multiple()

    @rule(entry=entries)
    def decline(self, entry):
        waiting.decline(entry)

    @rule(entry=consumes(entries))
    def leave(self, entry):
        waiting.leave(entry)

    @precondition(lambda self: timezone.localdate() + timedelta(days=1) < self.day)
    @rule(hours=st.integers(1, 12))
    def time_passes(self, hours):
        self.traveller.shift(timedelta(hours=hours))
        holds.sweep()

    @invariant()
    def nobody_is_in_two_meetings_at_once(self):
        live = Appointment.objects.live().filter(guidance_service=self.service)
        for one, other in pairwise(live.order_by("counsellor", "starts_at")):
            assert one.counsellor_id != other.counsellor_id or one.busy.upper <= other.busy.lower

    @invariant()
    def no_hold_lies_on_a_meeting(self):
        for hold in Hold.objects.live().filter(guidance_service=self.service):
            there = Appointment.objects.clashing_with(hold.busy.lower, hold.busy.upper)
            assert not there.filter(counsellor=hold.counsellor_id).exists()

    @invariant()
    def every_offer_has_its_hold_and_every_wait_one_state(self):
        for entry in WaitingEntry.objects.filter(guidance_service=self.service):
            held = Hold.objects.live().filter(nonce=entry.nonce).exists()
            assert held == entry.is_offered
            assert not (entry.appointment_id and entry.offer_ends_at and held)

    @invariant()
    def letters_tell_what_is(self):
        for appointment in Appointment.objects.filter(guidance_service=self.service):
            queued = Letter.objects.about(appointment).queued()
            ends = f"-{appointment.pk}-{appointment.sequence}"
            assert all(letter.key.endswith(ends) for letter in queued)
            kinds = set(queued.values_list("kind", flat=True))
            reminders = {"appointment_reminder", "appointment_reminder_soon"}
            assert bool(kinds & reminders) == (not appointment.is_cancelled and not appointment.is_requested)

    @invariant()
    def what_is_listed_can_be_booked_and_nothing_else(self):
        slots = self.slots()
        timetable = Timetable([self.service])
        for slot in slots:
            found = timetable.at(self.service, self.way, slot.starts_at)
            assert found.counsellors("fi")
            for counsellor in found.counsellors("fi"):
                there = Appointment.objects.filter(counsellor=counsellor)
                busy = busy_around(self.service, slot.starts_at)
                assert not there.clashing_with(busy.lower, busy.upper).exists()


@pytest.mark.django_db
def test_calendar_stays_true_whatever_people_do():
    run_state_machine_as_test(
        Calendar,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
