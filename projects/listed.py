"""What a project or a material says outside its page: in a spreadsheet and in a feed."""

from django.utils.translation import gettext_lazy as _

from network.listed import shortened
from network.lists import Column
from opinovi.addresses import address_of
from opinovi.feeds import Entry
from opinovi.fields import last_change
from projects.models import Material, Project


def project_address(project: Project) -> str:
    return address_of("projects:public:project_detail", project.slug)


def material_address(material: Material) -> str:
    """Where the material itself is: a file in the portal, or a page elsewhere."""
    if material.file:
        return address_of("projects:public:material_file", material.pk)
    return material.link or _home(material)


def _home(material: Material) -> str:
    if material.project:
        return project_address(material.project)
    programme = material.programme
    return address_of("projects:public:programme_detail", programme.slug) if programme else ""


PROJECT_COLUMNS = [
    Column(_("name"), lambda row: row.name),
    Column(_("programme"), lambda row: row.programme.name if row.programme else ""),
    Column(_("areas"), lambda row: ", ".join(area.name for area in row.areas.all())),
    Column(_("summary"), lambda row: row.summary),
    Column(_("first day"), lambda row: row.starts_on),
    Column(_("last day"), lambda row: row.ends_on),
    Column(_("budget, €"), lambda row: row.budget),
    Column(_("website"), lambda row: row.website),
    Column(_("page in the portal"), project_address),
]

MATERIAL_COLUMNS = [
    Column(_("title"), lambda row: row.title),
    Column(_("kind"), lambda row: row.get_kind_display()),
    Column(_("description"), lambda row: row.description),
    Column(_("project"), lambda row: row.project.name if row.project else ""),
    Column(_("programme"), lambda row: row.programme.name if row.programme else ""),
    Column(_("area"), lambda row: row.area.name if row.area else ""),
    Column(_("made by"), lambda row: row.author.name if row.author else ""),
    Column(_("language"), lambda row: row.get_language_display()),
    Column(_("licence"), lambda row: row.licence),
    Column(_("year"), lambda row: row.year),
    Column(_("link"), material_address),
]


def project_entry(project: Project) -> Entry:
    return Entry(
        key=f"project/{project.pk}",
        title=project.name,
        url=project_address(project),
        summary=shortened(project.summary),
        author="",
        published_at=project.published_at,
        changed_at=last_change(project),
    )


def material_entry(material: Material) -> Entry:
    return Entry(
        key=f"material/{material.pk}",
        title=material.title,
        url=material_address(material),
        summary=shortened(material.description),
        author=material.author.name if material.author else "",
        published_at=material.published_at,
        changed_at=last_change(material),
    )
