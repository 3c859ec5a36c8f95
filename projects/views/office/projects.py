"""A coordinator's own projects: the list, the basic facts and texts, publishing, the history."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.access import coordinator_required
from network.history import state_of, versions_of
from network.publishing import toggle_published
from network.slugs import free_slug
from opinovi.http import UserRequest
from opinovi.refusals import explain
from projects.actions import ChangedMeanwhile, save_unless_changed, start_project
from projects.forms.project import ProjectAddForm, ProjectForm
from projects.models import Project
from projects.sections import basics, whole

PER_PAGE = 25
BESIDE = 10  # versions shown beside a form


@require_safe
@coordinator_required
def project_list(request: UserRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    projects = Project.objects.editable_by(request.user).for_listing().by_name()
    for word in words.split():
        projects = projects.matching(word)
    context = {
        "page": Paginator(projects, PER_PAGE).get_page(request.GET.get("page")),
        "q": words,
        "query": urlencode({"q": words}) if words else "",
    }
    return render(request, "projects/office/project_list.html", context)


@require_http_methods(["GET", "POST"])
@coordinator_required
def project_add(request: UserRequest) -> HttpResponse:
    project = Project()
    form = ProjectAddForm(request.POST or None, instance=project, user=request.user)
    if request.method == "POST" and form.is_valid():
        project.slug = free_slug(Project, slugify(form.cleaned_data["name_fi"]))
        start_project(project, by=form.cleaned_data["organisation"])
        messages.success(request, _("The project was added as a draft. Fill in its pages, then publish it."))
        return redirect("projects:office:project_edit", project.slug)
    return render(request, "projects/office/project_add.html", {"form": form})


@require_http_methods(["GET", "POST"])
@coordinator_required
def project_edit(request: UserRequest, slug: str) -> HttpResponse:
    """The basic facts and texts. If somebody saved in between, theirs is shown too."""
    project = own_project(request, slug)
    parts = basics(project)
    form = ProjectForm(request.POST or None, instance=own_project(request, slug))
    seen, theirs = request.POST.get("seen", ""), []
    if request.method == "POST" and form.is_valid():
        try:
            save_unless_changed(project, form.save, parts=parts, seen=seen)
        except ChangedMeanwhile:
            theirs, seen = versions_of(*parts, since=seen), state_of(*parts)
        except IntegrityError as error:
            form.add_error(None, explain(error, Project))
        else:
            messages.success(request, _("The project was saved."))
            return redirect("projects:office:project_edit", slug)
    context = {
        "project": project,
        "form": form,
        "seen": seen or state_of(*parts),
        "theirs": theirs,
        "versions": versions_of(*parts, most=BESIDE),
    }
    return render(request, "projects/office/project_form.html", context)


@require_POST
@coordinator_required
def project_publish(request: UserRequest, slug: str) -> HttpResponse:
    """Show the project to everybody, or make it a draft again."""
    project = own_project(request, slug)
    toggle_published(request, project)
    return redirect("projects:office:project_edit", slug)


@require_safe
@coordinator_required
def project_history(request: UserRequest, slug: str) -> HttpResponse:
    project = own_project(request, slug)
    page = Paginator(versions_of(*whole(project)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "projects/office/project_history.html", {"project": project, "page": page})


def own_project(request: UserRequest, slug: str) -> Project:
    """A project the user may edit; otherwise a 404."""
    return get_object_or_404(Project.objects.editable_by(request.user), slug=slug)
