"""The network editor: the partner list from and to a spreadsheet."""

from pathlib import Path

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.access import coordinator_required
from network.actions.partners import write_plan
from network.exports import COLUMNS, partner_sheet
from network.forms.networks import PartnerImportForm
from network.imports import OutOfDate, Row, make_plan
from network.models import Network
from network.sheets import CONTENT_TYPES, UnreadableSheet, read_sheet
from network.views.office.networks import own_network
from opinovi.http import UserRequest

SHOWN_PLAN_LASTS = 12 * 3600  # seconds


@require_safe
@coordinator_required
def network_export(request: UserRequest, slug: str, kind: str) -> HttpResponse:
    if kind not in CONTENT_TYPES:
        raise Http404
    network = own_network(request, slug)
    name = f"{network.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(partner_sheet(network, kind=kind), content_type=CONTENT_TYPES[kind], headers=headers)


@require_http_methods(["GET", "POST"])
@coordinator_required
def network_import(request: UserRequest, slug: str) -> HttpResponse:
    """Read a sheet and show line by line what it would change; nothing is written here."""
    network = own_network(request, slug)
    form = PartnerImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sheet = form.cleaned_data["sheet"]
        try:
            rows = read_sheet(sheet.read(), kind=Path(sheet.name).suffix.lower().lstrip("."))
        except UnreadableSheet as error:
            form.add_error("sheet", str(error))
        else:
            return _show_plan(request, network, rows)
    context = {"form": form, "network": network, "columns": COLUMNS}
    return render(request, "network/office/network_import.html", context)


@require_POST
@coordinator_required
def network_import_write(request: UserRequest, slug: str) -> HttpResponse:
    """Write what the dry run has shown; show it anew when the network has changed in between."""
    network = own_network(request, slug)
    try:
        shown = signing.loads(request.POST.get("plan", ""), salt=_salt(network), max_age=SHOWN_PLAN_LASTS)
    except signing.BadSignature:
        messages.error(request, _("The list is too old to be saved. Choose the file again."))
        return redirect("network:office:network_import", network.slug)
    try:
        count = write_plan(network, shown["rows"], fingerprint=shown["fingerprint"], user=request.user)
    except OutOfDate:
        messages.warning(
            request, _("The network has changed since. Nothing was saved: check the list once more.")
        )
        return _show_plan(request, network, shown["rows"])
    messages.success(request, _("Saved. Lines that changed something: %(count)s.") % {"count": count})
    return redirect("network:office:network_detail", network.slug)


def _show_plan(request: UserRequest, network: Network, rows: list[Row]) -> HttpResponse:
    plan = make_plan(network, rows, user=request.user)
    signed = signing.dumps(
        {"rows": rows, "fingerprint": plan.fingerprint}, salt=_salt(network), compress=True
    )
    context = {"network": network, "plan": plan, "signed": signed}
    return render(request, "network/office/network_import_plan.html", context)


def _salt(network: Network) -> str:
    return f"partners of {network.pk}"
