"""The terminal: where results are printed, and tables that lose no figure on a narrow one."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.table import Table
from rich.text import Text

__all__ = ["Grid", "Head", "terminal"]

_WIDTH = 132  # where there is no terminal: a file, or another program
_GAP = 2  # around a cell
_NAME = 16  # least width of a column of names that is broken over lines

Cell = str | Text
Head = str | tuple[str, ...]


def terminal(*, errors: bool = False, quiet: bool = False) -> Console:
    """Return where to print results, or what is said beside them; no text is markup there."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH
    return Console(stderr=errors, quiet=quiet, width=None if errors else width,
                   markup=False, emoji=False, highlight=False)  # fmt: skip


@dataclass(frozen=True)
class Grid:
    """A table of names and figures; where it is wider than the screen it goes on below.

    No figure and no heading of one is ever cut or broken; names are broken over lines if they must.
    """

    title: str
    heads: Sequence[Head]
    """Of each column; a tuple heads columns that say something only beside each other."""
    rows: Sequence[Sequence[Cell]]
    n_names: int = 1
    """The first columns, left-aligned, with which each part of the table begins."""

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Yield the title, and the parts of the table that fit."""
        yield Text(self.title, style="bold")
        needs = [self._need(at) for at in range(len(self._all_heads))]
        names = needs[: self.n_names]
        groups = [[needs[at] for at in group] for group in self._groups()]
        left = options.max_width - max(map(sum, groups), default=0)
        while sum(names) > left and max(names) > _NAME + _GAP:
            names[names.index(max(names))] -= 1
        for figures in _parts(groups, options.max_width - sum(names)):
            yield self._part(names, [self.n_names + at for at in figures])

    @property
    def _all_heads(self) -> list[str]:
        groups = [(head,) if isinstance(head, str) else head for head in self.heads]
        return [head for group in groups for head in group]

    def _groups(self) -> list[list[int]]:
        """Return the columns of figures that stand beside each other."""
        groups, at = [], self.n_names
        for head in self.heads[self.n_names :]:
            size = 1 if isinstance(head, str) else len(head)
            groups.append(list(range(at, at + size)))
            at += size
        return groups

    def _need(self, at: int) -> int:
        """Return the width that a column takes with each cell on one line."""
        cells = (self._all_heads[at], *(row[at] for row in self.rows))
        return max(cell_len(line) for cell in cells for line in str(cell).split("\n")) + _GAP

    def _part(self, names: list[int], figures: list[int]) -> Table:
        table = Table(box=None)
        for head, width in zip(self._all_heads, names, strict=False):
            table.add_column(Text(head), width=width - _GAP, overflow="fold")
        for at in figures:
            table.add_column(Text(self._all_heads[at]), justify="right", no_wrap=True)
        for row in self.rows:
            cells = (row[at] for at in (*range(self.n_names), *figures))
            table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))
        return table


def _parts(groups: list[list[int]], room: int) -> list[list[int]]:
    """Return which columns stand beside each other, as many groups as there is room for.

    A group that is wider than the room by itself is taken apart.
    """
    parts: list[list[int]] = [[]]
    taken = at = 0
    for group in groups:
        for bundle in [group] if sum(group) <= room else [[width] for width in group]:
            if parts[-1] and taken + sum(bundle) > room:
                parts.append([])
                taken = 0
            parts[-1] += range(at, at + len(bundle))
            taken, at = taken + sum(bundle), at + len(bundle)
    return parts
