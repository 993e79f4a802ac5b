"""Shared set-up of the tests."""

import sys
from pathlib import Path

# The plain-Python model and the hand-made tables stand beside the tests, not in the package.
sys.path.insert(0, str(Path(__file__).parent))
