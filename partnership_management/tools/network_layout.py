"""Where the members of a partnership stand in the picture of their ties."""

import networkx as nx
import numpy as np

# How strongly a tie pulls two members together, for each step of its intensity
PULL = {"associate": 1.0, "cooperating": 0.6, "none": 0.1, "competitor": 0.2}
GROUP_PULL = 1.2  # of what holds the members of an interest group together
ROOM = (150, 52)  # width and height that a member and its name take
SEED = 7  # the same members and ties always give the same picture


def lay_out(groups, ties, aspect=1.6):
    """Members that hold together stand together, those of one interest group too.

    :param groups: dict member -> interest group, or a false value
    :param ties: iterable of (member, member, kind, intensity)
    :param aspect: width / height of the screen that the picture is for
    :return: (dict member -> (x, y), (width, height)); y goes down, as on the screen
    """
    members = list(groups)
    if not members:
        return {}, (ROOM[0], ROOM[1])
    graph = nx.Graph()
    graph.add_nodes_from(members)
    graph.add_weighted_edges_from(
        (member, ("group", group), GROUP_PULL) for member, group in groups.items() if group
    )
    graph.add_weighted_edges_from(
        (one, two, PULL[kind] * (1 + intensity)) for one, two, kind, intensity in ties
    )
    # "force" needs numpy alone, whatever the number of members
    spread = nx.spring_layout(graph, method="force", iterations=150, seed=SEED)
    points = np.array([spread[member] for member in members])
    size = _get_size(len(members), aspect)
    points = _separate(_fit(points, size), np.array(ROOM))
    points -= points.min(axis=0) - np.array(ROOM) / 2
    width, height = points.max(axis=0) + np.array(ROOM) / 2
    places = {
        member: (round(float(x), 1), round(float(y), 1))
        for member, (x, y) in zip(members, points, strict=True)
    }
    return places, (round(float(width), 1), round(float(height), 1))


def _get_size(count, aspect):
    """:return: width and height that leave twice the room that the members take"""
    area = 2 * max(count, 4) * ROOM[0] * ROOM[1]
    aspect = min(max(aspect, 0.4), 2.5)
    return np.array([(area * aspect) ** 0.5, (area / aspect) ** 0.5])


def _fit(points, size):
    """Spread the points over the whole of the picture, evenly: as crowded at the rim as in the
    middle, half by rank and half by place."""
    low, high = points.min(axis=0), points.max(axis=0)
    place = (points - low) / np.where(high > low, high - low, 1)
    rank = points.argsort(axis=0).argsort(axis=0) / max(len(points) - 1, 1)
    return (place + rank) / 2 * size


def _separate(points, room, rounds=300):
    """Push apart whoever stands on the name of another, the shorter way, until nobody does."""
    # Of two at one place the one that comes first gives way to the left, and upwards
    order = np.sign(np.arange(len(points))[:, None] - np.arange(len(points)))[..., None]
    for _round in range(rounds):
        apart = points[:, None] - points[None]
        overlap = room - np.abs(apart)
        clash = (overlap > 0.5).all(axis=2)
        np.fill_diagonal(clash, val=False)
        if not clash.any():
            break
        axis = (overlap / room).argmin(axis=2)
        side = np.where(apart != 0, np.sign(apart), order)
        push = np.where(clash[..., None], side * overlap / 2, 0)
        push = np.where(axis[..., None] == np.arange(2), push, 0)
        points = points + push.sum(axis=1) * 0.6
    return points
