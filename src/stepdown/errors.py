"""What goes wrong, said so that the reader can mend it.

A file is read to its end, and every problem in it is raised at once. This module imports only the
standard library, so that a command that fails on its input fails fast.
"""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

_LONGEST = 1000  # characters of a part of a message
_KEPT_AT_END = 200
# Control characters, those that turn the direction of text or are not seen, halves of others, and
# the separators of lines and paragraphs.
_UNSHOWN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def shown(text: str, longest: int = _LONGEST) -> str:
    """Return a text of whatever origin as it can be shown: one line, visible, not endless.

    Parameters
    ----------
    text
        What a file, a name or a library says.
    longest
        Characters; what is in the middle of a longer text is left out, and how much is said.
    """
    if len(text) > longest:
        left_out = f" [... {len(text) - longest:,} characters ...] "
        text = text[: longest - _KEPT_AT_END] + left_out + text[-_KEPT_AT_END:]
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _UNSHOWN else char
        for char in text
    )


class StepdownError(Exception):
    """Base of every error meant for the user; its text is the whole message.

    Notes: `exit_code` is what the command line returns.
    """

    exit_code: ClassVar[int] = 1

    def __str__(self) -> str:
        """Return the message as it can be shown."""
        return "\n".join(shown(line, 3 * _LONGEST) for line in super().__str__().split("\n"))


class RunError(StepdownError):
    """The input was sound, but the run could not be carried through."""

    exit_code: ClassVar[int] = 1


class ParameterError(StepdownError):
    """An argument given in Python is wrong; the text names it, its value and the rule."""

    exit_code: ClassVar[int] = 2


class MissingExtraError(StepdownError):
    """A library that only some commands need is missing or too old; nothing was begun."""

    exit_code: ClassVar[int] = 2


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in one place of one file.

    Parameters
    ----------
    file
        Path of the file, as the user wrote it.
    line
        Line in the file, from 1. 0 when it is not known.
    key
        Dotted path of the key inside the file.
    what
        What is wrong, with the value found.
    rule
        The rule it breaks, and why the rule matters.
    fix
        The usual fix, as a line to paste.

    Notes: problems sort by file, then line, then key.
    """

    file: str
    line: int
    key: str
    what: str
    rule: str
    fix: str

    def __str__(self) -> str:
        """Return `file:line: key: what; rule. Fix: fix` on one line, without the empty parts."""
        if self.line > 0:
            place = f"{_line(self.file)}:{self.line}" if self.file else f"line {self.line}"
        else:
            place = _line(self.file)
        said = "; ".join(_line(part) for part in (self.what, self.rule) if part)
        if self.fix:
            fix = f"Fix: {_line(self.fix)}"
            said = f"{said.removesuffix('.')}. {fix}" if said else fix
        return ": ".join(part for part in (place, _line(self.key), said) if part)


def _line(text: str) -> str:
    """Return a part of a problem on one line."""
    return shown(" ".join(text.splitlines()))


class InputError(StepdownError):
    """The files read are wrong; holds every problem found in them.

    Parameters
    ----------
    problems
        What is wrong, in any order; at least one.

    Notes: the text is one problem a line, sorted by file and line.
    """

    exit_code: ClassVar[int] = 2

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        assert self.problems, "own invariant: an InputError names at least one problem"
        # The problems are the exception's only argument, so that it survives pickling.
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return one problem a line."""
        return "\n".join(str(problem) for problem in self.problems)


class Collector:
    """Gathers problems while files are read, and raises them together.

    Notes: a reader reports and reads on; who called the readers calls `raise_if_any` once.
    """

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems so far, in the order they were found."""
        return tuple(self._problems)

    def add(self, problem: Problem) -> None:
        """Keep one problem.

        Parameters
        ----------
        problem
            What is wrong, and where.
        """
        self._problems.append(problem)

    def report(
        self,
        file: str,
        line: int,
        key: str,
        what: str,
        rule: str = "",
        fix: str = "",
    ) -> None:
        """Keep one problem, given by its parts.

        Parameters
        ----------
        file, line, key, what, rule, fix
            As in `Problem`.
        """
        self.add(Problem(file=file, line=line, key=key, what=what, rule=rule, fix=fix))

    def raise_if_any(self) -> None:
        """Raise all problems found, or do nothing.

        Raises
        ------
        InputError
            At least one problem was kept; holds them all.
        """
        if self._problems:
            raise InputError(self._problems)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that a misspelt one most likely meant.

    Parameters
    ----------
    word
        The word as written. Upper and lower case count as the same.
    known
        The words that are allowed.

    Returns
    -------
        The nearest known word, or None when no known word is near.

    Notes: likeness is difflib's ratio, at least 0.6; the order of `known` does not matter.
    """
    by_folded: dict[str, str] = {}
    for name in sorted(known):
        if name == word:
            return name
        by_folded.setdefault(name.casefold(), name)
    matches = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return by_folded[matches[0]] if matches else None
