"""Organisations of today, the network they form, its agreements, and a project it runs."""

from datetime import date
from decimal import Decimal
from typing import Any

from guidance.casework.demo.story import Story, in_languages, read
from network.models import Agreement, Area, Contact, Network, NetworkMembership, Organisation, Sector
from projects.models import Indicator, IndicatorReading, Project, ProjectGoal, ProjectPartner

PROJECT = "ohjauksen-ovi"
REGION = "06"

Organisations = dict[str, Organisation]


def build(story: Story) -> None:
    organisations = _organisations(story)
    told = read("network")
    _contacts(told["contacts"], organisations)
    network = _network(story, told, organisations)
    _agreements(story, told["agreements"], network, organisations)
    project = _project(story, told["project"], organisations)
    _indicators(story, told["project"]["indicators"], project)


def _organisations(story: Story) -> Organisations:
    """Those of the file, added to those of the fixtures; all of them by their address words."""
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    homes = {area.code: area for area in Area.objects.municipalities()}
    Organisation.objects.bulk_create(
        [
            Organisation(
                slug=slug,
                sector=sectors[sector],
                home_municipality=homes[home],
                published_at=story.now,
                **in_languages("name", names),
            )
            for slug, sector, home, *names in read("organisations")
        ]
    )
    return {organisation.slug: organisation for organisation in Organisation.objects.all()}


def _contacts(told: list[Any], organisations: Organisations) -> None:
    Contact.objects.bulk_create(
        [
            Contact(
                organisation=organisations[slug],
                name=name,
                email="neuvonta@example.fi",
                phone="+358 000 000 010",
                is_public=is_public,
                **in_languages("title", titles),
            )
            for slug, name, titles, is_public in told
        ]
    )


def _network(story: Story, told: dict[str, Any], organisations: Organisations) -> Network:
    network = Network.objects.create(
        slug="pirkanmaan-aikuisohjaus",
        area=Area.objects.regions().get(code=REGION),
        lead=organisations[told["members"][0][0]],
        published_at=story.now,
        **in_languages("name", told["network"]["name"]),
        **in_languages("description", told["network"]["description"]),
    )
    NetworkMembership.objects.bulk_create(
        [
            NetworkMembership(
                network=network,
                organisation=organisations[slug],
                role=role,
                status=status,
                since=date(story.today.year - years, 1, 1),
                until=None if days is None else story.day(days),
            )
            for slug, role, status, years, days in told["members"]
        ]
    )
    return network


def _agreements(story: Story, told: list[Any], network: Network, organisations: Organisations) -> None:
    for title, parties, begun, ends in told:
        valid_to = None if ends is None else story.day(ends)
        agreement = Agreement.objects.create(
            network=network, title=title, valid_from=story.day(begun), valid_to=valid_to
        )
        agreement.parties.set([organisations[slug] for slug in parties])


def _project(story: Story, told: dict[str, Any], organisations: Organisations) -> Project:
    project = Project.objects.create(
        slug=PROJECT,
        starts_on=story.day(-400),
        ends_on=story.day(500),
        budget=Decimal(240_000),
        published_at=story.now,
        **in_languages("name", told["name"]),
        **in_languages("summary", told["summary"]),
    )
    project.areas.set([Area.objects.regions().get(code=REGION)])
    goal = ProjectGoal.objects.create(
        reference=f"{PROJECT}-1", **in_languages("theme", told["theme"]), **in_languages("text", told["goal"])
    )
    goal.projects.set([project])
    for order, (slug, role) in enumerate(told["partners"]):
        ProjectPartner.objects.create(
            project=project, organisation=organisations[slug], role=role, order=order
        )
    return project


def _indicators(story: Story, told: list[Any], project: Project) -> None:
    """Each with a reading a month, which grows."""
    for code, target, a_month, names, units in told:
        indicator = Indicator.objects.create(
            project=project,
            code=code,
            target=target,
            **in_languages("name", names),
            **in_languages("unit", units),
        )
        value, readings = 0, []
        for month in range(1, 13):
            value += a_month + story.dice.randint(-a_month // 2, a_month // 2)
            read_on = story.day(-400 + 30 * month)
            readings.append(IndicatorReading(indicator=indicator, read_on=read_on, value=value))
        IndicatorReading.objects.bulk_create(readings)
