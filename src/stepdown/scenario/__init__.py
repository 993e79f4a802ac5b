"""Scenario files -> a frozen Scenario, strictly checked; and the JSON Schema of the files."""

from stepdown.scenario.load import LoadedScenario, load_scenario, rebuild_scenario
from stepdown.scenario.model import Scenario

__all__ = ["LoadedScenario", "Scenario", "load_scenario", "rebuild_scenario"]
