"""The engine on the reference job, in a process of its own: answers as a peer does.

Both scenarios of every draw are walked, each draw with a table of its own, tables included in the
time. What is checked is one draw's intervention, walked many times.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

from common import DRAW, RATES
from job import FEWEST_REPEATS, load

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import reference

CHILDREN_IN_CHUNK = 200_000
CHECKED_RUNS = 8


def main() -> None:
    """Time chunks of draws and write the answer."""
    table, answer, seconds = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    job = load(table)
    features = reference.Features(n_children=job.step.size)
    n_draws = max(1, CHILDREN_IN_CHUNK // job.step.size)
    checked = reference.run(
        reference.prepare(RATES, DRAW, 1, features), 1, DRAW, n_replicates=CHECKED_RUNS
    ).months[1, 0]
    per_month, begun = [], time.process_time()
    while len(per_month) < FEWEST_REPEATS or time.process_time() - begun < seconds:
        start = time.process_time()
        prepared = reference.prepare(RATES, DRAW, n_draws, features)
        counts = reference.run(prepared, 1, DRAW)
        spent = time.process_time() - start
        per_month.append(spent / int(counts.months[..., : job.n_steps].sum()))
    years = checked.sum(axis=0)
    outcome = {
        "versions": [f"stepdown {version('stepdown')}", f"numba {version('numba')}"],
        "language": f"Python {sys.version.split()[0]}",
        "seconds_per_run": min(per_month) * int(years[:, : job.n_steps].sum()) / CHECKED_RUNS,
        "months": years.tolist(),
        "runs": CHECKED_RUNS,
        "simplifications": "none",
        "remarks": "both scenarios at once, a new table for every draw",
    }
    answer.write_text(json.dumps(outcome), encoding="ascii")


if __name__ == "__main__":
    main()
