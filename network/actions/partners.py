"""Changes to who is in a network."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from network.imports import Line, OutOfDate, Row, make_plan
from network.models import Affiliation, Agreement, Network, NetworkMembership, Organisation
from opinovi.actions import post_letter
from opinovi.models import User


def write_plan(network: Network, rows: list[Row], *, fingerprint: str, user: User) -> int:
    """Do what a dry run has shown: add organisations, add and change memberships; returns how many lines.

    Raises OutOfDate, and changes nothing, when the rows would no longer do what was shown under this
    fingerprint, or when a line is wrong.
    """
    try:
        with transaction.atomic():
            Network.objects.select_for_update().get(pk=network.pk)
            plan = make_plan(network, rows, user=user)
            if plan.fingerprint != fingerprint or not plan.can_be_written:
                raise OutOfDate
            for line in plan.lines:
                if line.is_change:
                    _write_line(network, line)
    except IntegrityError as error:  # somebody added the same organisation in between
        raise OutOfDate from error
    return plan.change_count


def _write_line(network: Network, line: Line) -> None:
    organisation = line.organisation
    if line.organisation_values:
        organisation = organisation or Organisation(published_at=timezone.now())
        for field, value in line.organisation_values.items():
            setattr(organisation, field, value)
        organisation.save()
    if line.membership_values:
        membership = line.membership or NetworkMembership(network=network, organisation=organisation)
        for field, value in line.membership_values.items():
            setattr(membership, field, value)
        membership.save()


def remind_of_agreements() -> None:
    """Write to the coordinators of a network's lead when an agreement ends soon; once for each end date."""
    for agreement in Agreement.objects.running_out().select_related("network__lead"):
        lead = agreement.network.lead
        work = Affiliation.objects.current().coordinators().filter(organisation=lead, user__is_active=True)
        for affiliation in work.select_related("user"):
            user = affiliation.user
            post_letter(
                key=f"agreement-{agreement.pk}-ends-{agreement.valid_to}-{user.pk}",
                kind="agreement_ending",
                recipient=user.email,
                language=user.language,
                template="network/letters/agreement_ending",
                context={"agreement": agreement, "network": agreement.network},
                about=agreement,
            )
