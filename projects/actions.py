"""What happens to several rows of a project at once."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from network.history import Part, state_of
from network.models import Organisation
from projects.models import Project, ProjectGoal, ProjectPartner


class ChangedMeanwhile(Exception):
    """Somebody saved the same part of the project after it was opened."""


def save_unless_changed(
    project: Project, save: Callable[[], Any], *, parts: tuple[Part, ...], seen: str
) -> None:
    """Save a part of the project as it was edited, unless it is no longer what the editor saw.

    `seen` is what `state_of(*parts)` said when the page was opened. Raises ChangedMeanwhile, and
    IntegrityError when a constraint refuses; nothing is saved then.
    """
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        if state_of(*parts) != seen:
            raise ChangedMeanwhile
        save()


def start_project(project: Project, *, by: Organisation) -> None:
    """Write down a new project, a draft, with the organisation that answers for it."""
    with transaction.atomic():
        project.save()
        ProjectPartner.objects.create(
            project=project, organisation=by, role=ProjectPartner.Role.ADMINISTRATOR
        )


def share_goal(goal: ProjectGoal, project: Project, *, others: list[Project], among: list[Project]) -> None:
    """Make a goal the project's and, of the projects `among` which one chose, the others' too.

    Projects that were no choice keep the goal.
    """
    kept = goal.projects.exclude(pk__in=[choice.pk for choice in among])
    goal.projects.set([project, *others, *kept])


def drop_goal(goal: ProjectGoal, project: Project) -> None:
    """Take a goal from the project; a goal that no project has any more is gone."""
    goal.projects.remove(project)
    if not goal.projects.exists():
        goal.delete()
