"""Set-up of the benchmarks: how large a chunk, and what the times depend on."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # as when a script of this folder is run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--chunk",
        type=int,
        default=100,
        metavar="DRAWS",
        help="draws of the chunk that is measured: 20 small, 100 typical (default), 500 large",
    )


def pytest_benchmark_update_machine_info(
    config: pytest.Config, machine_info: dict[str, Any]
) -> None:
    """Write into the JSON of `--benchmark-json` what the times depend on."""
    for name in ("numpy", "numba", "scipy", "xarray"):
        machine_info[name] = version(name)
    machine_info["processors"] = os.cpu_count()
    machine_info["draws_in_chunk"] = config.getoption("chunk")
