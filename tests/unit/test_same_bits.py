"""The same seed gives the same bits, whatever library of linear algebra the processor is given."""

import os
import subprocess
import sys

import pytest

DIGEST = """
import hashlib, sys
import stepdown

result = stepdown.simulate(sys.argv[1], n_draws=20, seed=1)
for name, array in sorted(result.variables.items()):
    print(name, hashlib.sha256(array.values.tobytes()).hexdigest())
"""
# How far the arrivals miss the stock that they were fitted to: rounding, where they meet it.
FITTED = "inflow_misfit"


def bits(scenario, blas):
    """Return the bits of every array of a run under one kind of OpenBLAS."""
    command = [sys.executable, "-c", DIGEST, scenario]
    environment = os.environ | {"OPENBLAS_CORETYPE": blas}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return dict(line.split() for line in done.stdout.splitlines())


@pytest.mark.parametrize("scenario", ["hoersholm", "hoersholm-detection"])
def test_linear_algebra_has_no_say_in_children_or_money(scenario):
    with_fma, without = bits(scenario, "Haswell"), bits(scenario, "Prescott")
    assert {"net_saving_dkk", "months_in_step", FITTED} <= set(with_fma)
    assert {name for name in with_fma if with_fma[name] != without[name]} <= {FITTED}
