"""`result.stepdown`: what a notebook asks of a run, one call each.

Only what would take several calls stands here; anything else is `stepdown.analysis` on the result.
The name is known once `stepdown.simulate` or `stepdown.open_result` has been used.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

if TYPE_CHECKING:
    from stepdown.report.comparison import Comparison
    from stepdown.report.notebook import Shown
    from stepdown.report.words import Language
    from stepdown.scenario import LoadedScenario

__all__ = ["RunAccessor"]


@xr.register_dataset_accessor("stepdown")  # type: ignore[no-untyped-call]
class RunAccessor:
    """A result of `stepdown.simulate` or `stepdown.open_result`, asked in a notebook.

    Parameters
    ----------
    result
        The Dataset that it belongs to; nothing is kept beside it.
    """

    def __init__(self, result: xr.Dataset) -> None:
        self._result = result

    def _repr_html_(self) -> str:
        return self.show()._repr_html_()

    def summary(self, payer: str | None = None) -> xr.Dataset:
        """Return the main figures by strategy and budget year; see `stepdown.analysis.headline`."""
        from stepdown.analysis import headline

        return headline(self._result, payer)

    def show(self, lang: "Language" = "da") -> "Shown":
        """Return the main figures as tables that show themselves, in Danish or English."""
        from stepdown.report.notebook import shown_headline

        return shown_headline(self._result, lang)

    def compare(self, other: xr.Dataset) -> "Comparison":
        """Return what changed from this run to another, in the input and in the result.

        Raises
        ------
        InputError, ParameterError
            As `stepdown.report.comparison.compare_runs`.
        """
        from stepdown.report.comparison import compare_runs

        return compare_runs(self._result, other)

    def show_comparison(self, other: xr.Dataset, lang: "Language" = "da") -> "Shown":
        """Return the same as tables that show themselves, in Danish or English."""
        from stepdown.report.notebook import shown_comparison

        return shown_comparison(self.compare(other), lang)

    def report(
        self, out: str | os.PathLike[str], lang: "Language" = "da", strategy: str | None = None
    ) -> list[Path]:
        """Write the report of the run and return its files, as `stepdown report` does.

        Parameters
        ----------
        out
            A file that ends in .html or .pdf, or a folder for both.
        lang
            Danish or English.
        strategy
            The strategy that the first page is about; None: as `stepdown report` chooses.

        Raises
        ------
        InputError, MissingExtraError, RunError
            As `stepdown report`: no such strategy or place, or a library is missing or too old.
        """
        from stepdown.report.render.files import save_report

        return save_report(self._result, Path(out), lang, strategy)

    def scenario(self) -> "LoadedScenario":
        """Return the scenario that the run was made from, read again from the result alone."""
        from stepdown.store import scenario_of

        return scenario_of(self._result)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the result as `stepdown.save_result` does, and return the file."""
        from stepdown.store import save_result

        return save_result(self._result, path)
