"""Shared set-up of the tests."""

import os
import sys
from pathlib import Path

from hypothesis import settings

# As on the command line: threads for each small product of matrices only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# The plain-Python model and the hand-made tables stand beside the tests, not in the package.
sys.path.insert(0, str(Path(__file__).parent))

# The same examples in every run: fresh ones are a search, not a gate.
settings.register_profile("gate", derandomize=True)
settings.load_profile("gate")
