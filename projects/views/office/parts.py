"""The sections of a project, each a page that holds all its rows: partners, goals, results and so on."""

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from network.access import coordinator_required
from network.history import state_of, versions_of
from opinovi.http import UserRequest
from opinovi.refusals import explain
from projects import sections
from projects.actions import ChangedMeanwhile, save_unless_changed
from projects.models import Project
from projects.sections import Section
from projects.views.office.projects import BESIDE, own_project


@require_http_methods(["GET", "POST"])
@coordinator_required
def partner_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.PARTNERS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def area_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.AREAS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def service_point_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.SERVICE_POINTS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def challenge_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.CHALLENGES)


@require_http_methods(["GET", "POST"])
@coordinator_required
def goal_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.GOALS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def target_group_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.TARGET_GROUPS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def result_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.RESULTS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def indicator_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.INDICATORS)


@require_http_methods(["GET", "POST"])
@coordinator_required
def reading_list(request: UserRequest, slug: str, pk: int) -> HttpResponse:
    project = own_project(request, slug)
    indicator = get_object_or_404(project.indicators, pk=pk)
    return _section_page(request, project, sections.READINGS, owner=indicator)


@require_http_methods(["GET", "POST"])
@coordinator_required
def material_list(request: UserRequest, slug: str) -> HttpResponse:
    return _section_page(request, own_project(request, slug), sections.MATERIALS)


def _section_page(
    request: UserRequest, project: Project, section: Section, *, owner: Model | None = None
) -> HttpResponse:
    """All rows of a section at once. If somebody saved it in between, the page shows what they changed."""
    parts = section.parts(project)
    rows = section.row_set(
        request.POST or None,
        request.FILES or None,
        owner=owner or project,
        project=project,
        user=request.user,
    )
    seen, theirs, refusal = request.POST.get("seen", ""), [], ""
    if request.method == "POST" and rows.is_valid():
        try:
            save_unless_changed(project, rows.save, parts=parts, seen=seen)
        except ChangedMeanwhile:
            theirs, seen = versions_of(*parts, since=seen), state_of(*parts)
        except IntegrityError as error:
            refusal = explain(error, rows.model)
        else:
            messages.success(request, _("%(section)s: saved.") % {"section": section.title})
            return redirect(request.path)
    context = {
        "project": project,
        "section": section,
        "owner": owner,
        "rows": rows,
        "refusal": refusal,
        "seen": seen or state_of(*parts),
        "theirs": theirs,
        "versions": versions_of(*parts, most=BESIDE),
    }
    return render(request, "projects/office/section.html", context)
