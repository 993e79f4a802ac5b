"""Classes of moves, derived from the levels and kinds of the steps.

Decision: docs/decisions/0005-classes-of-moves.md.
"""

from stepdown.scenario.model import Move, MoveClass, Scenario

__all__ = ["CASELOAD_SIGN", "SPECIFICITY", "classes_of", "group_of", "targets_of"]

SPECIFICITY: tuple[tuple[MoveClass, ...], ...] = (
    ("breakdown",),
    ("re_entry",),
    ("placement", "reunification", "leave"),
    ("step_up", "step_down", "within_level"),
)
"""From the most specific; classes in one tier never share a move."""

CASELOAD_SIGN: dict[MoveClass, int] = {
    "step_down": 1,
    "reunification": 1,
    "leave": 1,
    "breakdown": -1,
    "re_entry": -1,
    "placement": -1,
    "step_up": -1,
    "within_level": 0,
}
"""Whether fewer cases per caseworker raise (+1) or lower (-1) the move, for an elasticity > 0."""

_OUT = ("closed", "closed_after_placement", "exit")


def classes_of(scenario: Scenario, move: Move) -> tuple[MoveClass, ...]:
    """Return every class a move belongs to, the most specific first."""
    origin, target = scenario.steps[move.from_step], scenario.steps[move.to_step]
    found: list[MoveClass] = []
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
    if not found or not {origin.kind, target.kind} & set(_OUT):
        found.append(_by_level(origin.level, target.level))
    return tuple(found)


def _by_level(origin: int, target: int) -> MoveClass:
    """Return the class of a move between two open measures, whose levels can be compared."""
    if target == origin:
        return "within_level"
    return "step_up" if target > origin else "step_down"


def group_of(scenario: Scenario, move: Move) -> MoveClass:
    """Return the class that decides a move's bound and elasticity."""
    return classes_of(scenario, move)[0]


def targets_of(scenario: Scenario, on: tuple[str, ...]) -> dict[str, str]:
    """Return which moves an effect touches, each by the most specific name that covers it.

    The name of a move wins over its classes; a move is touched once.
    """
    touched = {}
    for name, move in scenario.moves.items():
        if name in on:
            touched[name] = name
            continue
        for move_class in classes_of(scenario, move):
            if move_class in on:
                touched[name] = move_class
                break
    return touched
