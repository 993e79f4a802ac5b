"""The derived inflow of a draw does not depend on the draws that are solved beside it."""

import numpy as np
import pytest

from stepdown.parameters import draw_parameters
from stepdown.plan import make_plan
from stepdown.scenario import load_scenario
from stepdown.tables import build_chunk


@pytest.mark.parametrize("name", ["hoersholm", "faxe"])
def test_a_draw_alone_has_the_bits_it_has_among_others(name):
    """35 draws fill two parts of unequal length; draw 34 is the last of the second."""
    plan = make_plan(load_scenario(name).scenario)
    together = build_chunk(plan, draw_parameters(plan.scenario, 1, 0, 35)).inflow
    for draw in (0, 17, 34):
        alone = build_chunk(plan, draw_parameters(plan.scenario, 1, draw, 1)).inflow
        for field in ("per_month", "steady_per_month", "mean", "eligible", "misfit"):
            np.testing.assert_array_equal(getattr(alone, field)[0], getattr(together, field)[draw])
        for one, many in zip(alone.start, together.start, strict=True):
            np.testing.assert_array_equal(one[0], many[draw])
