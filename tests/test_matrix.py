"""Who is answered what, at every address of the portal.

One line per route. A new route fails the test until it has its line:

    "network:office:network_edit": page(OFFICE_OWN, slug="network.slug"),

`page` asks with GET, `press` with POST (an empty form: what a button sends). The keywords are the address's
arguments, each the way to its value in `tests/world.py`; add a row there when there is none of its kind.
The first word says what each of the six readers is answered, in the order of `READERS`:
a stranger; a counsellor of the organisation the row belongs to, one of another; a coordinator of that
organisation, one of another; an administrator of the portal.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from tests.routes import Route, all_routes
from tests.world import READERS, World

OPEN, SIGN_IN, FORBIDDEN, HIDDEN = "open", "sign in", "403", "404"

EVERYBODY = (OPEN,) * 6
NOBODY = (HIDDEN,) * 6
SIGNED_IN = (SIGN_IN, OPEN, OPEN, OPEN, OPEN, OPEN)
NOT_THEIRS = (SIGN_IN, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
DESK = (SIGN_IN, OPEN, OPEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
DESK_OWN = (SIGN_IN, OPEN, HIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN)
OFFICE = (SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN, OPEN, OPEN)
OFFICE_OWN = (SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN, HIDDEN, OPEN)
OFFICE_PARTICIPANTS = (SIGN_IN, FORBIDDEN, FORBIDDEN, OPEN, HIDDEN, HIDDEN)  # no business of the portal's
ADMINISTRATOR = (SIGN_IN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, OPEN)


class Line(NamedTuple):
    """How a route is asked and what each reader is answered."""

    expected: tuple[str, ...]
    method: str
    arguments: dict[str, Callable]


def page(expected: tuple[str, ...], **arguments: str) -> Line:
    return Line(expected, "get", {name: attrgetter(way) for name, way in arguments.items()})


def press(expected: tuple[str, ...], **arguments: str) -> Line:
    return page(expected, **arguments)._replace(method="post")


LINES = {
    "health": page(("503",) * 6),  # no worker runs in the tests
    "robots": page(EVERYBODY),
    "sitemap": page(EVERYBODY),
    "sitemap_file": page(EVERYBODY, name="pages", part="nothing"),
    # The portal itself
    "opinovi:public:accessibility": page(EVERYBODY),
    "opinovi:public:privacy": page(EVERYBODY),
    "opinovi:public:letter_list": page(NOBODY),
    "opinovi:public:letter_detail": page(NOBODY, pk="nothing"),
    "opinovi:public:letter_html": page(NOBODY, pk="nothing"),
    "opinovi:public:letter_calendar": page(NOBODY, pk="nothing"),
    # Sign-in and one's own account
    "account_login": page(EVERYBODY),
    "account_logout": page(EVERYBODY),
    "account_inactive": page(EVERYBODY),
    "account_reauthenticate": page(SIGNED_IN),
    "account_change_password": page(SIGNED_IN),
    "account_set_password": page(SIGNED_IN),
    "account_reset_password": page(EVERYBODY),
    "account_reset_password_done": page(EVERYBODY),
    "account_reset_password_from_key": page(EVERYBODY, uidb36="uid", key="token"),
    "account_reset_password_from_key_done": page(EVERYBODY),
    "openid_connect_login": page(NOBODY, provider_id="provider"),
    "openid_connect_callback": page(NOBODY, provider_id="provider"),
    "socialaccount_login_cancelled": page(EVERYBODY),
    "socialaccount_login_error": page((SIGN_IN, "401", "401", "401", "401", "401")),
    "socialaccount_signup": page((SIGN_IN,) * 6),
    "socialaccount_connections": page(SIGNED_IN),
    "mfa_index": page(SIGNED_IN),
    "mfa_authenticate": page(SIGNED_IN),
    "mfa_reauthenticate": page(SIGNED_IN),
    "mfa_activate_totp": page(SIGNED_IN),
    "mfa_deactivate_totp": page(NOT_THEIRS),
    "mfa_view_recovery_codes": page(NOT_THEIRS),
    "mfa_generate_recovery_codes": page(SIGNED_IN),
    "mfa_download_recovery_codes": page(NOT_THEIRS),
    "mfa_list_webauthn": page(SIGNED_IN),
    "mfa_add_webauthn": page(SIGNED_IN),
    "mfa_reauthenticate_webauthn": page(SIGNED_IN),
    "mfa_remove_webauthn": page(SIGNED_IN, pk="nothing"),  # the password is asked for first
    "mfa_edit_webauthn": page(SIGNED_IN, pk="nothing"),
    "mfa_login_webauthn": page(SIGNED_IN),
    # The network
    "network:public:organisation_list": page(EVERYBODY),
    "network:public:service_point_list": page(EVERYBODY),
    "network:public:organisation_feed": page(EVERYBODY),
    "network:public:organisation_sheet": page(EVERYBODY, kind="sheet"),
    "network:public:service_point_feed": page(EVERYBODY),
    "network:public:service_point_sheet": page(EVERYBODY, kind="sheet"),
    "network:public:stop_calendar": page(EVERYBODY),
    "network:public:service_point_calendar": page(EVERYBODY, slug="service_point.slug"),
    "network:public:area_stop_calendar": page(EVERYBODY, slug="area.slug"),
    "network:public:invitation_accept": page(
        (OPEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN), key="invited.key"
    ),
    "network:office:home": page(OFFICE),
    "network:office:network_list": page(OFFICE),
    "network:office:network_add": page(ADMINISTRATOR),
    "network:office:network_detail": page(OFFICE_OWN, slug="network.slug"),
    "network:office:network_edit": page(OFFICE_OWN, slug="network.slug"),
    "network:office:network_publish": press(OFFICE_OWN, slug="network.slug"),
    "network:office:network_picture": page(OFFICE_OWN, slug="network.slug"),
    "network:office:network_history": page(OFFICE_OWN, slug="network.slug"),
    "network:office:network_import": page(OFFICE_OWN, slug="network.slug"),
    "network:office:network_import_write": press(OFFICE_OWN, slug="network.slug"),
    "network:office:network_export": page(OFFICE_OWN, slug="network.slug", kind="sheet"),
    "network:office:member_find": page(OFFICE_OWN, slug="network.slug"),
    "network:office:member_add": page(OFFICE_OWN, slug="network.slug", organisation="elsewhere.slug"),
    "network:office:member_edit": page(OFFICE_OWN, slug="network.slug", pk="membership.pk"),
    "network:office:member_end": page(OFFICE_OWN, slug="network.slug", pk="membership.pk"),
    "network:office:agreement_add": page(OFFICE_OWN, slug="network.slug"),
    "network:office:agreement_edit": page(OFFICE_OWN, slug="network.slug", pk="agreement.pk"),
    "network:office:agreement_file": page(OFFICE_OWN, slug="network.slug", pk="agreement.pk"),
    "network:office:organisation_list": page(OFFICE),
    "network:office:organisation_add": page(OFFICE),
    "network:office:organisation_edit": page(OFFICE_OWN, slug="organisation.slug"),
    "network:office:contact_add": page(OFFICE_OWN, slug="organisation.slug"),
    "network:office:contact_edit": page(OFFICE_OWN, slug="organisation.slug", pk="contact.pk"),
    "network:office:contact_delete": press(OFFICE_OWN, slug="organisation.slug", pk="contact.pk"),
    "network:office:service_point_list": page(OFFICE),
    "network:office:service_point_add": page(OFFICE),
    "network:office:service_point_edit": page(OFFICE_OWN, slug="service_point.slug"),
    "network:office:service_point_publish": press(OFFICE_OWN, slug="service_point.slug"),
    "network:office:service_point_hours": page(OFFICE_OWN, slug="service_point.slug"),
    "network:office:service_point_exceptions": page(OFFICE_OWN, slug="service_point.slug"),
    "network:office:stop_list": page(OFFICE_OWN, slug="service_point.slug"),
    "network:office:stop_add": page(OFFICE_OWN, slug="service_point.slug"),
    "network:office:stop_edit": page(OFFICE_OWN, slug="service_point.slug", pk="stop.pk"),
    "network:office:stop_cancel": press(OFFICE_OWN, slug="service_point.slug", pk="stop.pk"),
    "network:office:person_list": page(OFFICE),
    "network:office:person_detail": page(OFFICE_OWN, pk="counsellor.pk"),
    "network:office:person_edit": page(ADMINISTRATOR, pk="counsellor.pk"),
    "network:office:second_factor_remove": page(ADMINISTRATOR, pk="counsellor.pk"),
    "network:office:affiliation_add": page(OFFICE_OWN, pk="counsellor.pk"),
    "network:office:affiliation_end": page(OFFICE_OWN, pk="affiliation.pk"),
    "network:office:invitation_list": page(OFFICE),
    "network:office:invitation_add": page(OFFICE),
    "network:office:invitation_resend": press(OFFICE_OWN, pk="invitation.pk"),
    "network:office:invitation_withdraw": press(OFFICE_OWN, pk="invitation.pk"),
    # Projects
    "projects:public:project_list": page(EVERYBODY),
    "projects:public:project_detail": page(EVERYBODY, slug="project.slug"),
    "projects:public:programme_list": page(EVERYBODY),
    "projects:public:programme_detail": page(EVERYBODY, slug="programme.slug"),
    "projects:public:material_list": page(EVERYBODY),
    "projects:public:project_feed": page(EVERYBODY),
    "projects:public:project_sheet": page(EVERYBODY, kind="sheet"),
    "projects:public:material_feed": page(EVERYBODY),
    "projects:public:material_sheet": page(EVERYBODY, kind="sheet"),
    "projects:public:material_file": page(EVERYBODY, pk="material.pk"),
    "projects:office:project_list": page(OFFICE),
    "projects:office:project_add": page(OFFICE),
    "projects:office:project_edit": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:project_publish": press(OFFICE_OWN, slug="project.slug"),
    "projects:office:project_history": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:partner_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:area_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:service_point_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:challenge_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:goal_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:target_group_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:result_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:indicator_list": page(OFFICE_OWN, slug="project.slug"),
    "projects:office:reading_list": page(OFFICE_OWN, slug="project.slug", pk="indicator.pk"),
    "projects:office:material_list": page(OFFICE_OWN, slug="project.slug"),
    # The catalogue
    "catalogue:public:front_page": page(EVERYBODY),
    "catalogue:public:search": page(EVERYBODY),
    "catalogue:public:suggest": page(EVERYBODY),
    "catalogue:public:training_list": page(EVERYBODY),
    "catalogue:public:training_feed": page(EVERYBODY),
    "catalogue:public:training_sheet": page(EVERYBODY, kind="sheet"),
    "catalogue:public:guidance_feed": page(EVERYBODY),
    "catalogue:public:guidance_sheet": page(EVERYBODY, kind="sheet"),
    "catalogue:public:opensearch": page(EVERYBODY),
    "catalogue:public:training_detail": page(EVERYBODY, slug="training.slug"),
    "catalogue:public:guidance_list": page(EVERYBODY),
    "catalogue:public:guidance_detail": page(EVERYBODY, slug="service.slug"),
    "catalogue:public:area_list": page(EVERYBODY),
    "catalogue:public:area_detail": page(EVERYBODY, slug="area.slug"),
    "catalogue:public:organisation_detail": page(EVERYBODY, slug="organisation.slug"),
    "catalogue:public:network_detail": page(EVERYBODY, slug="network.slug"),
    "catalogue:public:service_point_detail": page(EVERYBODY, slug="service_point.slug"),
    "catalogue:public:funding_list": page(EVERYBODY),
    "catalogue:public:funding_feed": page(EVERYBODY),
    "catalogue:public:funding_sheet": page(EVERYBODY, kind="sheet"),
    "catalogue:public:funding_detail": page(EVERYBODY, slug="funding.slug"),
    "catalogue:public:situation_list": page(EVERYBODY),
    "catalogue:public:situation_detail": page(EVERYBODY, slug="situation.slug"),
    "catalogue:public:stop_list": page(EVERYBODY),
    "catalogue:office:funding_list": page(OFFICE),
    "catalogue:office:funding_add": page(OFFICE),
    "catalogue:office:funding_edit": page(OFFICE, slug="funding.slug"),
    "catalogue:office:funding_publish": press(OFFICE, slug="funding.slug"),
    "catalogue:office:funding_move": press(OFFICE, slug="funding.slug"),
    "catalogue:office:situation_list": page(OFFICE),
    "catalogue:office:situation_add": page(OFFICE),
    "catalogue:office:situation_edit": page(OFFICE, slug="situation.slug"),
    "catalogue:office:situation_preview": page(OFFICE, slug="situation.slug"),
    "catalogue:office:situation_publish": press(OFFICE, slug="situation.slug"),
    "catalogue:office:situation_move": press(OFFICE, slug="situation.slug"),
    "catalogue:office:situation_part_add": page(OFFICE, slug="situation.slug", kind="part.kind"),
    "catalogue:office:situation_part_edit": page(OFFICE, slug="situation.slug", pk="part.pk"),
    "catalogue:office:situation_part_move": press(OFFICE, slug="situation.slug", pk="part.pk"),
    "catalogue:office:situation_part_delete": press(OFFICE, slug="situation.slug", pk="part.pk"),
    "catalogue:public:check_list": page(EVERYBODY, key="asked.check_key"),
    "catalogue:public:check_confirm": press(
        EVERYBODY, key="asked.check_key", kind="training_kind", slug="training.slug"
    ),
    "catalogue:public:check_correct": page(
        EVERYBODY, key="asked.check_key", kind="training_kind", slug="training.slug"
    ),
    "catalogue:public:check_end": page(
        EVERYBODY, key="asked.check_key", kind="training_kind", slug="training.slug"
    ),
    "catalogue:public:check_renew": press(EVERYBODY, key="asked.check_key"),
    "catalogue:office:guidance_list": page(OFFICE),
    "catalogue:office:guidance_add": page(OFFICE),
    "catalogue:office:guidance_edit": page(OFFICE_OWN, slug="service.slug"),
    "catalogue:office:guidance_publish": press(OFFICE_OWN, slug="service.slug"),
    "catalogue:office:import_list": page(OFFICE),
    "catalogue:office:import_add": page(OFFICE),
    "catalogue:office:import_detail": page(OFFICE_OWN, pk="import_run.pk"),
    "catalogue:office:import_write": press(OFFICE_OWN, pk="import_run.pk"),
    "catalogue:office:import_restart": press(OFFICE_OWN, pk="import_run.pk"),
    "catalogue:office:import_template": page(OFFICE, kind="offers", file_type="sheet"),
    "catalogue:office:training_list": page(OFFICE),
    "catalogue:office:training_add": page(OFFICE),
    "catalogue:office:training_edit": page(OFFICE_OWN, slug="training.slug"),
    "catalogue:office:training_rounds": page(OFFICE_OWN, slug="training.slug"),
    "catalogue:office:training_notes": page(OFFICE_OWN, slug="training.slug"),
    "catalogue:office:training_publish": press(OFFICE_OWN, slug="training.slug"),
    "catalogue:office:quality_list": page(OFFICE),
    "catalogue:office:quality_organisation_list": page(OFFICE),
    "catalogue:office:quality_detail": page(OFFICE_OWN, kind="measured.training_kind", slug="training.slug"),
    "catalogue:office:suggestion_list": page(OFFICE),
    "catalogue:office:suggestion_accept": press(OFFICE_OWN, pk="suggestion.pk"),
    "catalogue:office:suggestion_reject": press(OFFICE_OWN, pk="suggestion.pk"),
    "catalogue:office:synonyms_list": page(OFFICE),
    "catalogue:office:synonyms_add": page(OFFICE),
    "catalogue:office:synonyms_edit": page(OFFICE, pk="synonyms.pk"),
    "catalogue:office:synonyms_delete": press(OFFICE, pk="synonyms.pk"),
    "catalogue:office:unanswered_list": page(OFFICE),
    "catalogue:office:vocabulary_list": page(ADMINISTRATOR),
    "catalogue:office:vocabulary_add": page(ADMINISTRATOR, kind="kind"),
    "catalogue:office:vocabulary_edit": page(ADMINISTRATOR, kind="kind", pk="word.pk"),
    "catalogue:office:vocabulary_move": press(ADMINISTRATOR, kind="kind", pk="word.pk"),
    "catalogue:office:vocabulary_delete": press(ADMINISTRATOR, kind="kind", pk="word.pk"),
    "catalogue:public:alert_add": page(EVERYBODY, source="source"),
    "catalogue:public:alert_asked": page(EVERYBODY),
    "catalogue:public:alert_detail": page(EVERYBODY, key="alert.key"),
    "catalogue:public:alert_confirm": page(EVERYBODY, key="alert.key"),
    "catalogue:public:alert_pause": press(EVERYBODY, key="alert.key"),
    "catalogue:public:alert_continue": press(EVERYBODY, key="alert.key"),
    "catalogue:public:alert_stop": page(EVERYBODY, key="alert.key"),
    "catalogue:public:alert_stop_all": press(EVERYBODY, key="alert.key"),
    # Booking
    "booking:public:notebook_detail": page(EVERYBODY),
    "booking:public:notebook_keep": press(EVERYBODY, kind="source", slug="training.slug"),
    "booking:public:notebook_kept": page(EVERYBODY),
    "booking:public:notebook_compare": page(EVERYBODY),
    "booking:public:notebook_send": page(EVERYBODY),
    "booking:public:notebook_erase": page(EVERYBODY),
    "booking:public:notebook_share": press(EVERYBODY),
    "booking:public:notebook_revoke": press(EVERYBODY, pk="nothing"),
    "booking:public:notebook_shown": page(EVERYBODY, key="shown_notebook.key"),
    "booking:public:notebook_open": page(EVERYBODY, key="opening_notebook.key"),
    "booking:public:item_note": press(EVERYBODY, pk="nothing"),
    "booking:public:item_remove": press(EVERYBODY, pk="nothing"),
    "booking:public:item_restore": press(EVERYBODY, pk="nothing"),
    "booking:public:group_session_feed": page(EVERYBODY),
    "booking:public:group_session_sheet": page(EVERYBODY, kind="sheet"),
    "booking:public:group_session_calendar": page(EVERYBODY),
    "booking:public:area_group_session_calendar": page(EVERYBODY, slug="area.slug"),
    "booking:public:data": page(EVERYBODY),
    "booking:public:service_choose": page(EVERYBODY),
    "booking:public:appointment_start": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:slot_list": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:slot_month": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:appointment_book": page(EVERYBODY, slug="bookable.service.slug", starts_at="start"),
    "booking:public:appointment_links": page(EVERYBODY),
    "booking:public:appointment_detail": page(EVERYBODY, key="appointment_key"),
    "booking:public:appointment_move": page(EVERYBODY, key="appointment_key"),
    "booking:public:appointment_move_to": page(
        EVERYBODY, key="appointment_key", starts_at="appointment.starts_at"
    ),
    "booking:public:appointment_cancel": page(EVERYBODY, key="appointment_key"),
    "booking:public:appointment_coming": press(EVERYBODY, key="appointment_key"),
    "booking:public:appointment_feedback": page(EVERYBODY, key="appointment_key"),
    "booking:public:invitation_open": page(EVERYBODY, key="booking_invitation.key"),
    "booking:public:appointment_calendar": page(EVERYBODY, key="appointment_key"),
    "booking:public:waiting_join": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:waiting_joined": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:call_back_ask": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:call_back_asked": page(EVERYBODY, slug="bookable.service.slug"),
    "booking:public:waiting_detail": page(EVERYBODY, key="waiting_key"),
    "booking:public:waiting_accept": press(EVERYBODY, key="waiting_key"),
    "booking:public:waiting_decline": press(EVERYBODY, key="waiting_key"),
    "booking:public:waiting_leave": press(EVERYBODY, key="waiting_key"),
    "booking:public:group_session_list": page(EVERYBODY),
    "booking:public:group_session_detail": page(EVERYBODY, slug="group_session.slug"),
    "booking:office:feedback_list": page(OFFICE),
    "booking:office:group_session_list": page(OFFICE),
    "booking:office:group_session_add": page(OFFICE),
    "booking:office:group_session_edit": page(OFFICE_OWN, slug="group_session.slug"),
    "booking:office:group_session_copy": page(OFFICE_OWN, slug="group_session.slug"),
    "booking:office:group_session_publish": press(OFFICE_OWN, slug="group_session.slug"),
    "booking:office:group_session_cancel": page(OFFICE_OWN, slug="group_session.slug"),
    "booking:desk:availability_list": page(DESK),
    "booking:desk:availability_add": page(DESK),
    "booking:desk:availability_edit": page(DESK_OWN, pk="availability.pk"),
    "booking:desk:availability_delete": press(DESK_OWN, pk="availability.pk"),
    "booking:desk:absence_add": page(DESK),
    "booking:desk:absence_edit": page(DESK_OWN, pk="absence.pk"),
    "booking:desk:absence_delete": press(DESK_OWN, pk="absence.pk"),
    "booking:desk:appointment_detail": page(DESK_OWN, pk="appointment.pk"),
    "booking:desk:appointment_cancel": page(DESK_OWN, pk="appointment.pk"),
    "booking:office:capacity_list": page(OFFICE),
    "booking:office:counsellor_load_list": page(OFFICE),
    "booking:desk:waiting_list": page(DESK),
    "booking:desk:waiting_add": page(DESK_OWN, slug="bookable.service.slug"),
    "booking:desk:waiting_remove": page(DESK_OWN, pk="waiting_entry.pk"),
    "booking:desk:invitation_list": page(DESK),
    "booking:desk:invitation_add": page(DESK),
    "booking:desk:invitation_withdraw": page(DESK_OWN, pk="booking_invitation.pk"),
    "booking:desk:call_back_list": page(DESK),
    "booking:desk:call_back_done": press(DESK_OWN, pk="call_back.pk"),
    "booking:desk:call_back_reopen": press(DESK_OWN, pk="call_back.pk"),
    "booking:desk:appointment_address": page(DESK_OWN, pk="appointment.pk"),
    "booking:public:registration_add": page(EVERYBODY, slug="own_group.slug"),
    "booking:public:registration_sent": page(EVERYBODY, slug="own_group.slug"),
    "booking:public:registration_detail": page(EVERYBODY, key="registration.key"),
    "booking:public:registration_cancel": page(EVERYBODY, key="registration.key"),
    "booking:public:registration_accept": press(EVERYBODY, key="registration.key"),
    "booking:public:registration_calendar": page(EVERYBODY, key="registration.key"),
    "booking:desk:group_session_list": page(DESK),
    "booking:desk:registration_list": page(DESK_OWN, slug="own_group.slug"),
    "booking:desk:registration_add": page(DESK_OWN, slug="own_group.slug"),
    "booking:desk:registration_sheet": page(DESK_OWN, slug="own_group.slug"),
    "booking:desk:attendance_list": page(DESK_OWN, slug="own_group.slug"),
    "booking:desk:registration_cancel": page(DESK_OWN, slug="own_group.slug", pk="registration.pk"),
    "booking:desk:registration_promote": page(DESK_OWN, slug="own_group.slug", pk="registration.pk"),
    "booking:office:registration_list": page(OFFICE_PARTICIPANTS, slug="own_group.slug"),
    "booking:office:registration_add": page(OFFICE_PARTICIPANTS, slug="own_group.slug"),
    "booking:office:registration_sheet": page(OFFICE_PARTICIPANTS, slug="own_group.slug"),
    "booking:office:attendance_list": page(OFFICE_PARTICIPANTS, slug="own_group.slug"),
    "booking:office:registration_cancel": page(
        OFFICE_PARTICIPANTS, slug="own_group.slug", pk="registration.pk"
    ),
    "booking:office:registration_promote": page(
        OFFICE_PARTICIPANTS, slug="own_group.slug", pk="registration.pk"
    ),
    "booking:office:group_session_repeat": page(OFFICE_OWN, slug="group_session.slug"),
    "booking:office:group_session_questions": page(OFFICE_OWN, slug="group_session.slug"),
    "booking:desk:appointment_confirm": page(DESK_OWN, pk="appointment.pk"),
    "booking:desk:appointment_reinstate": page(DESK_OWN, pk="appointment.pk"),
    "booking:desk:appointment_move": page(DESK_OWN, pk="appointment.pk"),
    "booking:desk:appointment_hand_over": page(DESK_OWN, pk="appointment.pk"),
    "booking:desk:appointment_link": page(DESK_OWN, pk="appointment.pk"),
    "booking:desk:request_list": page(DESK),
    "booking:desk:feedback_list": page(DESK),
    "booking:desk:availability_days": page(DESK_OWN, pk="weekly.pk"),
    "booking:desk:absence_meetings": page(DESK_OWN, pk="absence.pk"),
    "booking:desk:absence_meetings_all": page(DESK_OWN, pk="absence.pk"),
    "booking:desk:absence_meeting_cancel": page(DESK_OWN, pk="absence.pk", appointment="appointment.pk"),
    "booking:desk:substitute_add": page(DESK),
    "booking:desk:feed_detail": page(DESK),
    "booking:desk:feed_renew": press(DESK),
    "booking:desk:feed_stop": press(DESK),
    "booking:public:counsellor_calendar": page(EVERYBODY, key="calendar_key"),
    "booking:desk:calendar_week": page(DESK),
    "booking:desk:calendar_day": page(DESK),
    "booking:desk:appointment_add": page(DESK),
    "booking:desk:appointment_walk_in": page(DESK),
    # Open data
    "api:public:api_home": page(EVERYBODY, profile="profile"),
    "api:public:openapi_document": page(EVERYBODY, profile="profile"),
    "api:public:tabular_package": page(EVERYBODY, profile="profile"),
    "api:public:service_list": page(EVERYBODY, profile="profile"),
    "api:public:service_detail": page(EVERYBODY, profile="profile", identifier="service_id"),
    "api:public:organization_list": page(EVERYBODY, profile="profile"),
    "api:public:organization_detail": page(EVERYBODY, profile="profile", identifier="organization_id"),
    "api:public:service_at_location_list": page(EVERYBODY, profile="profile"),
    "api:public:service_at_location_detail": page(EVERYBODY, profile="profile", identifier="pair_id"),
    "api:public:taxonomy_list": page(EVERYBODY, profile="profile"),
    "api:public:taxonomy_detail": page(EVERYBODY, profile="profile", identifier="taxonomy_id"),
    "api:public:taxonomy_term_list": page(EVERYBODY, profile="profile"),
    "api:public:taxonomy_term_detail": page(EVERYBODY, profile="profile", identifier="term_id"),
    # Casework
    "casework:desk:my_day": page(DESK),
    "casework:desk:colleague_day": page(DESK),
    "casework:desk:keys": page(DESK),
    "casework:desk:appointment_log": page(DESK_OWN, pk="appointment.pk"),
    "casework:desk:appointment_mark": press(DESK_OWN, pk="appointment_of_yesterday.pk"),
    "casework:desk:session_list": page(DESK),
    "casework:desk:session_add": page(DESK),
    "casework:desk:session_detail": page(DESK_OWN, pk="session.pk"),
    "casework:desk:session_edit": page(DESK_OWN, pk="session.pk"),
    "casework:desk:client_list": page(DESK),
    "casework:desk:client_add": page(DESK),
    "casework:desk:client_detail": page(DESK_OWN, pk="client.pk"),
    "casework:desk:client_edit": page(DESK_OWN, pk="client.pk"),
    "casework:desk:client_access_list": page(DESK_OWN, pk="client.pk"),
    # Figures
    "reporting:office:figure_list": page(OFFICE),
    "reporting:office:figure_export": page(OFFICE),
}
ROUTES = [route for route in all_routes() if route.namespaces[:1] != ("admin",)]
IN_ADMIN = [route for route in all_routes() if route.namespaces[:1] == ("admin",) and route.name]

pytestmark = pytest.mark.django_db


def test_every_route_has_its_line():
    assert set(LINES) == {route.full_name for route in ROUTES}


@pytest.mark.parametrize("name", LINES)
def test_every_reader_is_answered_as_the_rules_say(name, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    line, world = LINES[name], World()
    readers = [getattr(world, reader) for reader in READERS]
    with override("en"):
        address = reverse(name, kwargs={name: value(world) for name, value in line.arguments.items()})

    answers = tuple(answer(ask(reader, address, line.method)) for reader in readers)

    assert dict(zip(READERS, answers, strict=True)) == dict(zip(READERS, line.expected, strict=True))


def ask(reader, address: str, method: str) -> HttpResponse:
    """Ask as a reader, and take back whatever the page changed."""
    browser = Browser(HTTP_ACCEPT_LANGUAGE="en")
    with transaction.atomic():
        if reader:
            browser.force_login(reader)
        response = getattr(browser, method)(address)
        if response.streaming:
            response.getvalue()  # read to the end, so that the file is closed
        transaction.set_rollback(True)
    return response


def answer(response: HttpResponse) -> str:
    if response.status_code == 302:
        leads_to = response.headers["Location"]
        return SIGN_IN if "/account/login/" in leads_to or "/admin/login/" in leads_to else OPEN
    return OPEN if response.status_code == 200 else str(response.status_code)


@pytest.mark.parametrize("reader", ["stranger", "administrator"])
def test_no_address_of_djangos_admin_opens_to_them(reader):
    user = getattr(World(), reader)

    answers = {route.full_name: answer(ask(user, address_in_admin(route), "get")) for route in IN_ADMIN}

    assert {name: found for name, found in answers.items() if found != SIGN_IN} == (
        {"admin:login": FORBIDDEN, "admin:logout": OPEN} if user else {}
    )


@pytest.mark.parametrize("reader", READERS)
def test_djangos_admin_opens_to_none_of_them(reader):
    assert answer(ask(getattr(World(), reader), reverse("admin:index"), "get")) == SIGN_IN


def address_in_admin(route: Route) -> str:
    values = {"app_label": "network", "object_id": "1"}
    wanted = {name: values.get(name, 1) for name in route.arguments}
    try:
        return reverse(route.full_name, kwargs=wanted)
    except NoReverseMatch:  # an address that takes them without names
        return reverse(route.full_name, args=list(wanted.values()))
