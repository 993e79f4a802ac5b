"""What is counted: one small pure function for each kind of statistic that targets observe.

Each takes a solved block of draws and the target's table, and returns (draw) expected
observations, counted as the sources count them.
"""

from stepdown.calibration.observables.national import NATIONAL
from stepdown.calibration.observables.pilot import PILOT

__all__ = ["NATIONAL", "PILOT"]
