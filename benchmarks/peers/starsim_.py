"""starsim: a module of one's own with the children's steps as arrays; common random numbers on.

Nothing else is in the sim: no disease, no network, no births or deaths, and no results of People.
"""

import numpy as np
import starsim as ss
from job import Ints, Job, by_year, measure


class Staircase(ss.Module):
    """Children on the steps."""

    def __init__(self, job: Job, **kwargs):
        super().__init__()
        self.define_pars(leaves=ss.random(), goes=ss.random())
        self.update_pars(**kwargs)
        self.define_states(ss.IntArr("place"), ss.IntArr("months_old"), ss.IntArr("since"))
        self.job = job
        self.stay = np.diagonal(job.probability, axis1=-2, axis2=-1).copy()
        going = job.probability.copy()
        states = np.arange(job.n_steps + 1)
        going[..., states, states] = 0.0
        leave = going.sum(axis=-1, keepdims=True)
        self.reach = np.cumsum(going, axis=-1) / np.where(leave > 0.0, leave, 1.0)
        self.stock = np.zeros((job.n_months, job.n_steps + 1), np.int64)

    def init_post(self):
        super().init_post()
        uids = self.sim.people.auids
        self.place[uids], self.months_old[uids] = self.job.step, self.job.age
        self.since[uids] = -self.job.elapsed

    def step(self):
        job, month, uids = self.job, self.ti, self.sim.people.auids
        place = self.place.values
        self.stock[month] = np.bincount(place, minlength=job.n_steps + 1)
        age = job.age_band[self.months_old.values + month]
        held = job.time_band[month - self.since.values]
        at = (job.level[month], age, held, place)
        u = self.pars.leaves.rvs(uids)
        moved = np.flatnonzero(u >= self.stay[at])
        if moved.size:
            rows = self.reach[at[0], age[moved], held[moved], place[moved]]
            movers = uids[moved]
            choice = self.pars.goes.rvs(movers)
            came = (choice[:, None] >= rows[:, :-1]).sum(axis=1)
            self.place[movers], self.since[movers] = came, month + 1


def run(job: Job, seed: int) -> Ints:
    """Make one run: child-months by year and step."""
    staircase = Staircase(job)
    sim = ss.Sim(
        n_agents=job.step.size, modules=staircase, dur=job.n_months - 1, dt=1, rand_seed=seed,
        use_aging=False, people_results=False, verbose=0, copy_inputs=False,
    )  # fmt: skip
    sim.run()
    return by_year(staircase.stock)


if __name__ == "__main__":
    ss.options(verbose=0)
    measure(
        run, "starsim", "numpy", remarks="draws keyed per child; only movers draw a destination"
    )
