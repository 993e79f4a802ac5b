"""What a figure of a scenario file is called, so that a reader knows it without the file."""

from collections.abc import Callable

from stepdown.report.document.key_words import ENDINGS, HEADS
from stepdown.report.words import Language
from stepdown.scenario import Scenario
from stepdown.scenario.model import Effect, Strategy
from stepdown.scenario.quantity import Label, Quantity
from stepdown.scenario.tree import figures
from stepdown.vocabulary import TERMS

__all__ = ["Names"]

Path = tuple[str, ...]


class Names:
    """Names of the figures of one scenario in one language.

    Parameters
    ----------
    scenario
        The scenario whose labels are used.
    lang
        Language of the names.

    Notes: a shared parameter is called what the first figure that uses it is called.
    """

    def __init__(self, scenario: Scenario, lang: Language) -> None:
        self._scenario, self._at = scenario, 0 if lang == "da" else 1
        self._uses: dict[str, Path] = {}
        for path, figure in figures(scenario):
            if isinstance(figure, Quantity) and figure.parameter is not None:
                self._uses.setdefault(figure.parameter, tuple(str(part) for part in path))

    def of(self, key: str) -> str:
        """Return the name of a figure, given the dotted path of its key."""
        path = self._path(key)
        if path[0] == "parameters" and len(path) == 2 and path[1] in self._uses:
            path = self._uses[path[1]]
        naming: dict[str, Callable[[Path], str]] = {
            "steps": self._of_step, "inflow": self._of_step, "capacity": self._of_step,
            "moves": self._of_move, "birthdays": self._of_birthday, "strategies": self._of_strategy,
            "levels": self._of_level, "budget_lines": self._of_line, "caseload": self._of_lever,
            "follow_up": self._of_lever, "money": self._of_money, "adult_life": self._of_adult,
            "laws": self._of_law, "causes": self._of_cause, "accounts": self._of_account,
        }  # fmt: skip
        named = naming.get(path[0], self._plain)(path)
        return named[:1].upper() + named[1:]

    def _path(self, key: str) -> Path:
        """Split a key; account functions have dots of their own."""
        for account in self._scenario.accounts:
            if key.startswith(f"accounts.{account}."):
                return ("accounts", account, *key[len(f"accounts.{account}.") :].split("."))
        return tuple(key.split("."))

    def _say(self, label: Label | None, otherwise: str) -> str:
        if label is None:
            return otherwise.replace("_", " ")
        return label.en if self._at else label.da

    def _word(self, key: str, *filled: str) -> str:
        both = ENDINGS.get(key) or HEADS.get(key)
        return key.replace("_", " ") if both is None else both[self._at].format(*filled)

    def _plain(self, path: Path) -> str:
        parts = [self._word(part) for part in path if not part.isdigit()]
        return ": ".join(part for part in (parts[0], ", ".join(parts[1:])) if part)

    def step(self, name: str) -> str:
        """Return what a step is called under the scenario's law."""
        scenario = self._scenario
        own = {} if scenario.law is None else scenario.laws[scenario.law].step_labels
        step = scenario.steps.get(name)
        return self._say(own.get(name, None if step is None else step.label), name)

    def _of_step(self, path: Path) -> str:
        rest = ", ".join(self._word(part) for part in path[2:])
        return f"{self.step(path[1])}: {rest}"

    def move(self, name: str) -> str:
        """Return what a move, or a class of moves, is called."""
        move = self._scenario.moves.get(name)
        if move is None and name in TERMS:
            return TERMS[name].label_en if self._at else TERMS[name].label_da
        if move is None:
            return name.replace("_", " ")
        unplanned = "" if move.planned else f" ({self.move('breakdown')})"
        return f"{self.step(move.from_step)} → {self.step(move.to_step)}{unplanned}"

    def _of_move(self, path: Path) -> str:
        return f"{self.move(path[1])}: {', '.join(self._word(part) for part in path[2:])}"

    def _of_birthday(self, path: Path) -> str:
        return f"{self.step(path[-1])}: {self._word('goes_on', path[1])}"

    def _of_lever(self, path: Path) -> str:
        head = self._word(path[0])
        if path[1] != "elasticity":
            return f"{head}: {', '.join(self._word(part) for part in path[1:])}"
        group = f" ({self.move(path[-1])})" if path[2] == "by_class" else ""
        return f"{head}: {self._word('elasticity')}{group}"

    def _of_strategy(self, path: Path) -> str:
        strategy = self._scenario.strategies.get(path[1])
        head = self._say(None if strategy is None else strategy.label, path[1])
        return f"{head}: {self._inside(strategy, path[2:])}"

    def _of_level(self, path: Path) -> str:
        strategy = self._scenario.levels.get(path[1], {}).get(path[2])
        head = self._say(None if strategy is None else strategy.label, path[2])
        return f"{head}: {self._inside(strategy, path[3:])}"

    def _inside(self, strategy: Strategy | None, path: Path) -> str:
        """Name a figure inside a strategy."""
        if strategy is None or not path:
            return self._plain(path)
        if path[0] == "investments" and path[1] in strategy.investments:
            return self._invested(strategy, path[1], path[2:])
        if path[0] == "published":
            return self._word("published")
        if path[0] == "capacity":
            return f"{self.step(path[1])}, {self._word('places')}"
        return ", ".join(self._word(part) for part in path).lower()

    def _invested(self, strategy: Strategy, name: str, path: Path) -> str:
        investment = strategy.investments[name]
        own = self._say(investment.label, name)
        own = "" if own == self._say(strategy.label, "") else f"{own}, "
        if path[0] == "costs" and path[1] in investment.costs:
            label = investment.costs[path[1]].label
            said = self._word("cost") if label is None else self._say(label, "")
            return f"{own}{said}, {self._word(path[-1])}"
        if path[0] == "grants":
            return f"{own}{self._word('grant')}"
        if path[0] == "effects" and path[1] in investment.effects:
            return f"{own}{self._effect(investment.effects[path[1]], path[2:])}"
        return own + ", ".join(self._word(part) for part in path)

    def _effect(self, effect: Effect, path: Path) -> str:
        on = ", ".join(
            self.step(name) if effect.inflow_ratio is not None else self.move(name)
            for name in effect.on
        )
        ages = "" if effect.ages is None else f" ({effect.ages} {('år', 'years')[self._at]})"
        if path[-1].endswith("_ratio"):
            return self._word("effect_on", on) + ages
        return f"{self._word('effect_on', on)}{ages}, {self._word(path[-1])}"

    def _of_line(self, path: Path) -> str:
        line = self._scenario.budget_lines.get(path[1])
        head = self._say(None if line is None else line.label, path[1])
        if path[2] in ("investment", "saving"):
            payer = self._say(self._scenario.payers.get(path[3]), path[3])
            return f"{head}: {self._word(path[2], payer)}"
        return f"{head}: {self._word(path[2])}"

    def _of_money(self, path: Path) -> str:
        if path[1] == "discount":
            year = self._scenario.money.discount[int(path[2])].from_year
            return f"{self._word('discount')} {self._word('from_year', str(year))}"
        return self._word(path[1])

    def _of_adult(self, path: Path) -> str:
        entry = self._scenario.adult_life
        if entry is None:
            return self._plain(path)
        group = entry.entry[int(path[2])]
        after = ", ".join(self.step(name) for name in group.highest)
        months = f"{group.months_placed} {('md.', 'months')[self._at]}"
        return f"{self._word('adult_life')}: {self.step(path[-1])} ({after}; {months})"

    def _of_cause(self, path: Path) -> str:
        return f"{self._word('causes')}: {self._word(path[-1])} ({path[1].replace('_', ' ')})"

    def _of_law(self, path: Path) -> str:
        return f"{self._say(self._scenario.laws[path[1]].label, path[1])}: {self._word(path[-1])}"

    def _of_account(self, path: Path) -> str:
        account = self._scenario.accounts[path[1]]
        return f"{path[1]} {self._say(account.label, '')}: {self._word(path[-1])}"
