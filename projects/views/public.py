"""Projects, their programmes, and the library of what they left behind."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from network.access import asks_why
from network.lists import list_feed, list_sheet
from network.models import Contact
from opinovi.rows import rows_of
from projects.forms.search import MaterialSearchForm, ProjectSearchForm
from projects.listed import MATERIAL_COLUMNS, PROJECT_COLUMNS, material_entry, project_entry
from projects.models import Material, Programme, Project


@login_not_required
@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    form = ProjectSearchForm(request.GET)
    page = form.page(Project.objects.published().for_listing(), explain=asks_why(request))
    return render(request, "projects/public/project_list.html", {"form": form, "page": page})


@login_not_required
@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    projects = Project.objects.published()
    project = get_object_or_404(projects.select_related("programme"), slug=slug)
    others = Prefetch("projects", projects.exclude(pk=project.pk).by_name(), to_attr="joint_with")
    carrying_out = project.partners.carrying_out().values("organisation")
    of_theirs = Contact.objects.filter(organisation__in=carrying_out, is_public=True)
    areas, goals, challenges, results, contacts = rows_of(
        [
            project.areas.by_name(),
            project.goals.all(),
            project.challenges.all(),
            project.results.all(),
            of_theirs,
        ]
    )
    prefetch_related_objects(goals, others)
    context = {
        "project": project,
        "areas": areas,
        "points": project.service_points.published().for_listing().by_name(),
        "partners": list(project.partners.for_listing().by_role()),
        "goals": goals,
        "challenges": challenges,
        "results": results,
        "groups": list(project.target_groups.select_related("group").by_reach()),
        "indicators": project.indicators.with_latest(),
        "materials": project.materials.published().for_listing(),
        "contacts": contacts,
        "trail": [(_("Projects"), reverse("projects:public:project_list"))],
    }
    return render(request, "projects/public/project_detail.html", context)


@login_not_required
@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.published().by_name()
    return render(request, "projects/public/programme_list.html", {"programmes": programmes})


@login_not_required
@require_safe
def programme_detail(request: HttpRequest, slug: str) -> HttpResponse:
    programmes = Programme.objects.published().prefetch_related("authorities")
    programme = get_object_or_404(programmes, slug=slug)
    context = {
        "programme": programme,
        "areas": programme.areas.by_name(),
        "projects": programme.projects.published().for_listing().by_name(),
        "materials": programme.materials.published().for_listing(),
        "trail": [(_("Programmes"), reverse("projects:public:programme_list"))],
    }
    return render(request, "projects/public/programme_detail.html", context)


@login_not_required
@require_safe
def material_list(request: HttpRequest) -> HttpResponse:
    form = MaterialSearchForm(request.GET)
    page = form.page(Material.objects.published().for_listing(), explain=asks_why(request))
    return render(request, "projects/public/material_list.html", {"form": form, "page": page})


@login_not_required
@require_safe
def material_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file itself, always to be saved and never opened as a page of the portal."""
    material = get_object_or_404(Material.objects.published().exclude(file=""), pk=pk)
    try:
        return FileResponse(material.file.open(), as_attachment=True, filename=material.file_name)
    except FileNotFoundError as error:
        raise Http404 from error


@login_not_required
@require_safe
def project_feed(request: HttpRequest) -> HttpResponse:
    form = ProjectSearchForm(request.GET)
    rows = Project.objects.published().for_listing()
    page = "projects:public:project_list"
    return list_feed(request, form, rows, title=_("Projects"), page=page, entry=project_entry)


@login_not_required
@require_safe
def project_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = ProjectSearchForm(request.GET)
    rows = Project.objects.published().for_listing()
    return list_sheet(request, form, rows, title=_("Projects"), columns=PROJECT_COLUMNS, kind=kind)


@login_not_required
@require_safe
def material_feed(request: HttpRequest) -> HttpResponse:
    form = MaterialSearchForm(request.GET)
    rows = Material.objects.published().for_listing()
    page = "projects:public:material_list"
    return list_feed(request, form, rows, title=_("Materials"), page=page, entry=material_entry)


@login_not_required
@require_safe
def material_sheet(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = MaterialSearchForm(request.GET)
    rows = Material.objects.published().for_listing()
    return list_sheet(request, form, rows, title=_("Materials"), columns=MATERIAL_COLUMNS, kind=kind)
