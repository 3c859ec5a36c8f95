"""Every address is named after its view, lives where its area says, and is guarded as the area demands."""

import pytest

from network.models.people import Role
from tests.routes import Route, all_routes

APPS = {
    "opinovi": "opinovi",
    "network": "network",
    "projects": "projects",
    "catalogue": "guidance.catalogue",
    "booking": "guidance.booking",
    "api": "guidance.booking",
    "casework": "guidance.casework",
    "reporting": "guidance.reporting",
}
GUARDS = {
    "public": [None],
    "desk": [{Role.COUNSELLOR}],
    "office": [{Role.COORDINATOR, Role.ADMINISTRATOR}, {Role.ADMINISTRATOR}],
}
OURS = [route for route in all_routes() if route.is_ours]
NAMED = [route for route in OURS if route.namespaces]


def name(route: Route) -> str:
    return route.full_name


@pytest.mark.parametrize("route", NAMED, ids=name)
def test_an_address_is_named_after_its_view(route):
    app, area = route.namespaces
    home = f"{APPS[app]}.views.{area}"

    assert route.name == route.view.__name__
    assert f"{route.view.__module__}.".startswith(f"{home}.")
    assert route.view.__module__.count(".") <= home.count(".") + 1


@pytest.mark.parametrize("route", NAMED, ids=name)
def test_an_address_is_guarded_as_its_area_demands(route):
    area = route.namespaces[1]

    assert getattr(route.view, "login_required", True) is (area != "public")
    assert getattr(route.view, "roles", None) in GUARDS[area]


def test_only_what_machines_ask_of_every_site_has_no_area():
    outside = [route.full_name for route in OURS if not route.namespaces]

    assert outside == ["health", "robots", "sitemap", "sitemap_file"]


def test_addresses_of_other_packages_need_a_sign_in_or_lead_to_one():
    """Closed by default: whatever a package adds must be looked at before it is open."""
    opened = {
        route.full_name
        for route in all_routes()
        if not route.is_ours and not getattr(route.view, "login_required", True)
    }

    assert opened == {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "socialaccount_signup",
        "admin:login",
    }
