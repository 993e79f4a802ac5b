"""What the models of a file expect to be observed, for any values of the free numbers."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from stepdown.calibration.observables import NATIONAL, PILOT
from stepdown.calibration.pilot import Pilot
from stepdown.calibration.staircases import StaircaseModel
from stepdown.calibration.steady import BLOCK, SteadyState
from stepdown.errors import RunError
from stepdown.scenario.targets_model import TargetsFile, TargetTable

__all__ = ["Predictor"]

Floats = NDArray[np.float64]


class Predictor:
    """(draw, number) values -> (draw, target) expected observations: a pure function.

    Threads may share it. Draws are solved in blocks of one size, so the bits of a draw do not
    depend on its neighbours, nor on how many there are.

    Parameters
    ----------
    file
        A checked file of targets.
    models
        Its scenarios by name.
    """

    def __init__(self, file: TargetsFile, models: Mapping[str, StaircaseModel]) -> None:
        self._file, self._models = file, models
        names = list(file.numbers)
        if file.transfer is not None:
            own, place = file.transfer.name, file.transfer.place
            names += [f"tau_{own}", f"z_{place}", "z_elsewhere"]
        self.names = (*names, *(f"drift.{name}" for name in file.drifts))
        """Of the free numbers, in the order of the columns of values."""

    def __call__(self, values: Floats) -> Floats:
        """Return (draw, target) expected observations; nan where a model cannot be run."""
        values = np.asarray(values, dtype=np.float64)
        found = np.empty((len(values), len(self._file.targets)))
        for first in range(0, len(values), BLOCK):
            found[first : first + BLOCK] = self._padded(values[first : first + BLOCK])
        return found

    def _named(self, values: Floats) -> dict[str, Floats]:
        columns = np.ascontiguousarray(values.T)
        return dict(zip(self.names, columns, strict=True))

    def _in_place(self, named: Mapping[str, Floats], place: str) -> dict[str, Floats]:
        """Return the numbers of a place: e + tau z where they vary."""
        transfer = self._file.transfer
        assert transfer is not None, "own invariant: a checked place has a transfer"
        deviation = named[f"tau_{transfer.name}"] * named[f"z_{place}"]
        return {**named, **{name: named[name] + deviation for name in transfer.numbers}}

    def _padded(self, values: Floats) -> Floats:
        """Solve one block, or draw by draw where some draw has impossible values."""
        count = len(values)
        rest = np.repeat(values[-1:], BLOCK - count, axis=0)
        try:
            return self._block(np.concatenate([values, rest]))[:count]
        except RunError:
            if count == 1:
                return np.full((1, len(self._file.targets)), np.nan)
            return np.concatenate([self._padded(values[i : i + 1]) for i in range(count)])

    def _block(self, values: Floats) -> Floats:
        if not np.isfinite(values).all():
            raise RunError("a number is not finite")
        named = self._named(values)
        found = np.empty((len(values), len(self._file.targets)))
        states: dict[str, SteadyState] = {}
        pilots: dict[str, Pilot] = {}
        for column, target in enumerate(self._file.targets.values()):
            if target.number is not None:
                found[:, column] = named[target.number]
                continue
            assert target.model is not None, "own invariant: a checked target has a model"
            if target.observable in NATIONAL:
                if target.model not in states:
                    model = self._models[target.model]
                    draws = model.draws(self._of(model, named), BLOCK)
                    states[target.model] = SteadyState(model.plan, draws, states.values())
                found[:, column] = NATIONAL[target.observable](states[target.model], target)
            else:
                if target.model not in pilots:
                    model = self._models[target.model]
                    draws = model.draws(self._of(model, named), BLOCK)
                    pilots[target.model] = Pilot(model, draws, states.values())
                drift = self._drift(target, named)
                found[:, column] = PILOT[target.observable](pilots[target.model], target, drift)
        return found

    def _of(self, model: StaircaseModel, named: Mapping[str, Floats]) -> Mapping[str, Floats]:
        return named if model.place is None else self._in_place(named, model.place)

    def _drift(self, target: TargetTable, named: Mapping[str, Floats]) -> Floats:
        return np.ones(BLOCK) if target.drift is None else named[f"drift.{target.drift}"]
