"""Classes of moves, derived from the levels and kinds of the steps.

Decisions: docs/decisions/0005-classes-of-moves.md, docs/decisions/0017-need-and-detection.md.
"""

from stepdown.scenario.kinds import MoveClass
from stepdown.scenario.levers import Elasticity
from stepdown.scenario.model import Move, Scenario

__all__ = [
    "LEVER_SIGN",
    "SPECIFICITY",
    "classes_of",
    "group_of",
    "is_undetected",
    "lever_sign",
    "targets_of",
]

SPECIFICITY: tuple[tuple[MoveClass, ...], ...] = (
    ("detection",),
    ("breakdown",),
    ("re_entry",),
    ("placement", "reunification", "leave"),
    ("step_up", "step_down", "within_level"),
)
"""From the most specific; classes in one tier never share a move."""

LEVER_SIGN: dict[MoveClass, int] = {
    "detection": 1,
    "step_down": 1,
    "reunification": 1,
    "leave": 1,
    "breakdown": -1,
    "re_entry": -1,
    "placement": -1,
    "step_up": -1,
    "within_level": 0,
}
"""Whether fewer cases per caseworker, or more frequent follow-up, raise (+1) or lower (-1) the
move, for an elasticity > 0."""

_OUT = ("closed", "closed_after_placement", "exit")


def is_undetected(scenario: Scenario, move: Move) -> bool:
    """Tell whether a move leaves a step of need: nobody knows the child yet."""
    return scenario.steps[move.from_step].kind == "need"


def lever_sign(move_class: MoveClass, elasticity: Elasticity, *, undetected: bool) -> int:
    """Return the sign with which a lever works on moves of a class.

    What caseworkers do does not touch children whom they do not know, but they may find them:
    a lever works on detection where the file gives its elasticity, and on nothing else of theirs.
    """
    if undetected:
        return int(move_class == "detection" and "detection" in elasticity.by_class)
    return LEVER_SIGN[move_class]


def classes_of(scenario: Scenario, move: Move) -> tuple[MoveClass, ...]:
    """Return every class a move belongs to, the most specific first."""
    origin, target = scenario.steps[move.from_step], scenario.steps[move.to_step]
    found: list[MoveClass] = []
    if origin.kind == "adult":
        return ("within_level",)  # the staircase is behind them, and with it its classes
    if origin.kind == "need" and target.kind == "home":
        found.append("detection")
    if not move.planned:
        found.append("breakdown")
    if target.kind == "placement" and origin.kind == "closed_after_placement":
        found.append("re_entry")
    elif target.kind == "placement" and origin.kind != "placement":
        found.append("placement")
    elif origin.kind == "placement" and target.kind != "placement":
        found.append("reunification")
    elif target.kind in _OUT:
        found.append("leave")
    if not found or _can_compare(origin.kind, target.kind):
        found.append(_by_level(origin.level, target.level))
    return tuple(found)


def _can_compare(origin: str, target: str) -> bool:
    """Tell whether the levels of two steps can be compared: both hidden, or neither and open."""
    if "need" in (origin, target):
        return origin == target
    return not {origin, target} & set(_OUT)


def _by_level(origin: int, target: int) -> MoveClass:
    """Return the class of a move between two levels."""
    if target == origin:
        return "within_level"
    return "step_up" if target > origin else "step_down"


def group_of(scenario: Scenario, move: Move) -> MoveClass:
    """Return the class that decides a move's bound and elasticity."""
    return classes_of(scenario, move)[0]


def targets_of(scenario: Scenario, on: tuple[str, ...]) -> dict[str, str]:
    """Return which moves an effect touches, each by the most specific name that covers it.

    The name of a move wins over its classes; a move is touched once. Moves of children who are
    not detected are touched as `detection` or by name: a class such as `placement` means children
    whom somebody works with. Moves of adult life are touched by name only.
    """
    touched = {}
    for name, move in scenario.moves.items():
        if name in on:
            touched[name] = name
            continue
        classes = classes_of(scenario, move)
        if is_undetected(scenario, move):
            classes = tuple(c for c in classes if c == "detection")
        if scenario.steps[move.from_step].kind == "adult":
            classes = ()
        for move_class in classes:
            if move_class in on:
                touched[name] = move_class
                break
    return touched
