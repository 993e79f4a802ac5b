"""heormodel: `MicrosimModel.discrete`, one cycle a month, time on the step kept by the engine.

All individuals begin in one state, so a cycle before the first month takes each child from there
to its own step; its time on the step before the start counts until it moves.
"""

import numpy as np
import pandas as pd
from heormodel.models import MicrosimModel
from heormodel.run import run_psa
from job import Ints, Job, by_year, measure


def run(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    n_states = job.n_steps + 1
    begin = n_states
    stock = np.zeros((job.n_months, n_states), np.int64)
    table = np.zeros((*job.cells, n_states + 1))
    table[..., :n_states] = job.probability
    first = np.eye(n_states + 1)[job.step]
    price = np.append(np.linspace(10e3, 100e3, job.n_steps), [0.0, 0.0])
    children = pd.DataFrame({"age": job.age, "elapsed": job.elapsed})
    no_effect = np.zeros(job.step.size)

    def probabilities(params, intervention, state, attrs, rng):
        month = int(attrs["cycle"].iat[0]) - 1
        if month < 0:
            return first
        held = attrs["time_in_state"].to_numpy()
        held = held + np.where(held == month, attrs["elapsed"].to_numpy(), 0)
        age = attrs["age"].to_numpy() + month
        return table[job.level[month], job.age_band[age], job.time_band[held], state]

    def rewards(params, intervention, state, attrs):
        month = int(attrs["cycle"].iat[0]) - 1
        if month >= 0:
            stock[month] = np.bincount(state, minlength=n_states)
        return price[state], no_effect

    engine = MicrosimModel.discrete(
        states=(*(f"step {i}" for i in range(n_states)), "begin"),
        transition_probabilities=probabilities,
        state_rewards=rewards,
        interventions=["investment"],
        population=lambda rng, n: children,
        n_individuals=job.step.size,
        n_cycles=job.n_months,
        cycle_length=1 / 12,
        initial_state=begin,
        cycle_correction="none",
    )
    draws = pd.DataFrame({"unused": [0.0]}, index=pd.RangeIndex(1, name="iteration"))
    run_psa(engine, draws, seed=seed, sequential=True, progress=False)
    return by_year(stock)


if __name__ == "__main__":
    measure(run, "heormodel", "numpy", "pandas", remarks="costs per child are kept and discounted")
