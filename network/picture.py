"""A picture of a network: the lead in the middle, the others to its sides under their sectors."""

from dataclasses import dataclass

from network.models import Network, NetworkMembership

WIDTH = 960
LINE = 30  # from one name to the next
GAP = 22  # between sectors
MIDDLE = WIDTH // 2
LEFT, RIGHT = 330, 630  # where the dots of the two columns stand


@dataclass
class Node:
    """One organisation in the picture."""

    membership: NetworkMembership
    x: int
    y: int
    text_x: int
    anchor: str
    path: str


@dataclass
class Heading:
    """The name of a sector above its organisations."""

    name: str
    x: int
    y: int
    anchor: str


@dataclass
class Picture:
    """What the template draws; lengths in the picture's own units."""

    view_box: str
    lead_x: int
    lead_y: int
    lead_text_y: int
    nodes: list[Node]
    headings: list[Heading]


def draw(network: Network, memberships: list[NetworkMembership]) -> Picture:
    """Lay out the members, grouped by sector as they come, in two columns of about the same height."""
    members = [membership for membership in memberships if membership.organisation_id != network.lead_id]
    groups: dict[str, list[NetworkMembership]] = {}
    for membership in members:
        groups.setdefault(str(membership.organisation.sector), []).append(membership)
    columns: tuple[list, list] = ([], [])
    heights = [0, 0]
    for name, group in groups.items():
        side = 0 if heights[0] <= heights[1] else 1
        columns[side].append((name, group))
        heights[side] += (len(group) + 1) * LINE + GAP
    height = max(*heights, 160)
    nodes: list[Node] = []
    headings: list[Heading] = []
    for side, column in enumerate(columns):
        _draw_column(column, side, (height - heights[side]) // 2, height // 2, nodes, headings)
    return Picture(f"0 0 {WIDTH} {height}", MIDDLE, height // 2, height // 2 + 40, nodes, headings)


def _draw_column(
    column: list, side: int, top: int, middle: int, nodes: list[Node], headings: list[Heading]
) -> None:
    x = RIGHT if side else LEFT
    text_x, anchor = (x + 16, "start") if side else (x - 16, "end")
    y = top + LINE // 2
    for name, group in column:
        headings.append(Heading(name, text_x, y + 5, anchor))
        for membership in group:
            y += LINE
            bend = (x + MIDDLE) // 2
            path = f"M{MIDDLE} {middle}C{bend} {middle} {bend} {y} {x} {y}"
            nodes.append(Node(membership, x, y, text_x, anchor, path))
        y += LINE + GAP
