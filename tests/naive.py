"""The whole model in plain Python: slow, obvious, month by month, one strategy at a time.

It shares with the package only the random function and the integer tables. On the same tables its
moves equal the kernel's bit for bit.
"""

from dataclasses import dataclass, field

import numpy as np

from stepdown.kernel.layout import INFLOW, STOCK
from stepdown.kernel.randomness import (
    WORD,
    Stream,
    child_key,
    exponential,
    philox,
    poisson,
    run_key,
    unit_float,
    unit_of_word,
)


@dataclass
class Child:
    key: tuple[int, int]
    age: int
    step: int
    elapsed: int
    month: int
    beyond_reach: bool
    ordinal: int = 0


@dataclass
class Counts:
    months: np.ndarray
    stock: np.ndarray
    moves: np.ndarray
    cases: np.ndarray
    histories: dict = field(default_factory=dict)


def words(number, child, stream, run):
    return [
        int(w)
        for w in philox(
            number, np.uint64(child.key[0]), np.uint64(child.key[1]), np.uint64(stream), run
        )
    ]


def simulate(stairs, tables, seed, first_draw, n_replicates):
    """Simulate every run of a chunk; the arrays are those of `stepdown.kernel.loop.Counts`."""
    n_draws, n_steps = tables.hazard.shape[0], stairs.moves_from.shape[0]
    n_years = int(stairs.months["year"][-1]) + 1
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    shape = (stairs.n_strategies, n_draws, n_replicates)
    counts = Counts(
        np.zeros((*shape, n_years, n_steps), int),
        np.zeros((*shape, n_years + 1, n_steps), int),
        np.zeros((*shape, n_years, n_moves), int),
        np.zeros((*shape, stairs.n_months), int),
    )
    for draw in range(n_draws):
        for replicate in range(n_replicates):
            run = np.uint64(run_key(np.uint64(seed), first_draw + draw, replicate))
            for strategy in range(stairs.n_strategies):
                for child in everybody(stairs, tables, draw, run, strategy):
                    where = (strategy, draw, replicate)
                    history = live(stairs, tables, draw, run, strategy, child)
                    counts.histories[(*where, child.key)] = history
                    add_up(stairs, counts, where, history)
    return counts


def everybody(stairs, tables, draw, run, strategy):
    """List the children of one strategy's world: the stock, then the arrivals of every month."""
    children = stock(stairs, tables, draw, run)
    for month in range(stairs.n_months):
        for band in range(stairs.bands.size):
            for step in range(stairs.moves_from.shape[0]):
                for beyond in (0, 1):
                    children += arrivals(
                        stairs, tables, draw, run, strategy, month, band, step, beyond
                    )
    return children


def stock(stairs, tables, draw, run):
    """List the children at the start, the same under every strategy."""
    children = []
    for beyond in (0, 1):
        for step in range(stairs.moves_from.shape[0]):
            source = STOCK + 2 * beyond
            w = [int(x) for x in philox(step, source, 0, np.uint64(Stream.STOCK), run)]
            count = int(tables.stock_fixed[draw, beyond, step])
            drawn = tables.stock_drawn[draw, beyond, step]
            count += poisson(unit_of_word(w[0]), drawn["mean"], drawn["none"])
            for ordinal in range(count):
                key = tuple(int(k) for k in child_key(source, 0, 0, step, ordinal))
                child = Child(key, 0, step, 0, 0, beyond == 1, ordinal)
                child.age, child.elapsed = age_and_elapsed(stairs, tables, draw, run, child)
                children.append(child)
    return children


def age_and_elapsed(stairs, tables, draw, run, child):
    w = words(0, child, Stream.ENTRY, run)
    cells = tables.stock_cell[draw, child.step]
    cell = next(c for c in range(len(cells)) if w[0] < cells[c])
    age, band = divmod(cell, stairs.n_time_bands)
    width = int(stairs.time_edge[band + 1] - stairs.time_edge[band])
    entries = tables.stock_entry[draw, child.step, band]
    first = max(age - width + 1, 0)
    point = entries[first] + unit_float(w[1], w[2]) * (entries[age + 1] - entries[first])
    came = next((a for a in range(first, age) if point < entries[a + 1]), age)
    return age, int(stairs.time_edge[band]) + age - came


def arrivals(stairs, tables, draw, run, strategy, month, band, step, beyond):
    worlds = tables.arrivals[draw, stairs.months["period"][month], step, beyond, band]
    own = worlds[strategy if len(worlds) > 1 else 0]
    source = INFLOW + 2 * beyond
    # Four age bands share one call of the random function, a word each.
    cell_key = child_key(source, month, band - band % 4, step, 0)
    w = philox(0, np.uint64(cell_key[0]), np.uint64(cell_key[1]), np.uint64(Stream.ARRIVALS), run)
    children = []
    u = unit_of_word(w[band % 4])
    for ordinal in range(poisson(u, own["mean"], own["none"])):
        key = tuple(int(k) for k in child_key(source, month, band, step, ordinal))
        child = Child(key, 0, step, 0, month + 1, beyond == 1, ordinal)
        entry = words(0, child, Stream.ENTRY, run)[0]
        first, width = (int(stairs.bands[field][band]) for field in ("first_age", "n_ages"))
        child.age = first + entry * width // WORD
        children.append(child)
    return children


def live(stairs, tables, draw, run, strategy, child):
    """Return [(month, step, event or None)] for every month edge from the child's entry to the end.

    The event is what brought it to its step at that edge: a move, or K + birthday.
    """
    n_moves = stairs.moves.size
    step, elapsed, age = child.step, child.elapsed, child.age
    history = [(child.month, step, [])]
    number = 0
    left = None  # hazard until the next candidate; None: the next candidate is not drawn yet
    for month in range(child.month, stairs.n_months):
        events = []
        if stairs.steps["is_absorbing"][step]:
            history.append((month + 1, step, events))
            continue
        position, accepted = 0, None
        row = row_of(stairs, step, age, elapsed)
        hazard = int(tables.hazard[draw, row])
        while accepted is None:
            if left is None:
                candidate = words(number, child, Stream.MOVES, run)
                left = int(exponential(candidate[0], candidate[1]))
                number += 1
            if position + left >= hazard:
                left -= hazard - position
                break
            position += left
            left = None
            move = choose(stairs, tables, draw, step, row, candidate[2])
            if accepts(stairs, tables, draw, run, strategy, child, move, month, age, candidate[3]):
                accepted = move
        if accepted is not None:
            step, elapsed = int(stairs.moves["destination"][accepted]), -1
            events.append(accepted)
        age, elapsed = age + 1, elapsed + 1
        birthday = stairs.ages["birthday"][age]
        if birthday >= 0:
            left = None
            share = tables.keep_share[draw, birthday, step]
            on = words(birthday, child, Stream.BIRTHDAYS, run)[0] < share
            to = int(stairs.birthdays["keep_to" if on else "leave_to"][birthday, step])
            if to != step:
                step, elapsed = to, 0
                events.append(n_moves + birthday)
        history.append((month + 1, step, events))
    return history


def row_of(stairs, step, age, elapsed):
    band = int(stairs.ages["band"][age])
    return (step * stairs.n_age_bands + band) * stairs.n_time_bands + int(
        stairs.times["band"][elapsed]
    )


def choose(stairs, tables, draw, step, row, word):
    edges = tables.slot[draw, row]
    return int(stairs.moves_from[step, next(j for j in range(len(edges)) if word < edges[j])])


def accepts(stairs, tables, draw, run, strategy, child, move, month, age, word):
    column, band = stairs.moves["column"][move], stairs.ages["effect_band"][age]
    if child.beyond_reach:
        return word < tables.accept_base[draw, column]
    threshold = int(tables.accept[draw, column, band, month, strategy])
    for effect in range(len(stairs.reach_key)):
        if stairs.reach_touches[effect, column, band]:
            u = words(stairs.reach_key[effect], child, Stream.REACH, run)[0]
            reach = tables.reach[draw, effect, month, strategy]
            if u < reach["share"]:
                threshold = threshold * int(reach["ratio"]) >> 28
    return word < threshold


def add_up(stairs, counts, where, history):
    last_year = counts.stock.shape[-2] - 1
    for month, step, events in history:
        year = int(stairs.months["year"][month]) if month < stairs.n_months else last_year
        if month == stairs.n_months:
            counts.stock[(*where, last_year, step)] += 1
        else:
            counts.months[(*where, year, step)] += 1
            counts.cases[(*where, month)] += int(stairs.steps["counts_as_case"][step])
            if month == 0 or year != stairs.months["year"][month - 1]:
                counts.stock[(*where, year, step)] += 1
        for event in events:
            counts.moves[(*where, int(stairs.months["year"][month - 1]), event)] += 1


class Purse:
    """The money of one draw and replicate in plain Python: what each payer pays in each year.

    `value` gives a quantity's drawn value, as written. `months[strategy][year][step]` and
    `cases[strategy][month]` count from the start of the clock; strategy 0 is the baseline.
    """

    def __init__(self, scenario, value, months, cases):
        self.scenario, self.value, self.months, self.cases = scenario, value, months, cases
        self.first_year = int(scenario.clock.starts[:4])
        self.strategies = [None, *scenario.strategies.values()]

    def named(self, amount):
        return self.scenario.parameters[amount.parameter] if amount.parameter else amount

    def indexed(self, amount, price_year):
        money = self.scenario.money
        return amount * (1 + self.value(money.indexation)) ** (money.price_level - price_year)

    def today(self, amount):
        return self.indexed(self.value(amount), self.named(amount).price_year)

    def of_row(self, row, year):
        last = max(row.by_year)
        later = row.by_year[last] if row.after == "repeat" and str(year) > last else 0.0
        return self.indexed(row.by_year.get(str(year), later), row.price_year)

    def cost(self, number, year, payer):
        total, strategy = 0.0, self.strategies[number]
        for index, (name, step) in enumerate(self.scenario.steps.items()):
            own = strategy.steps.get(name) if strategy else None
            price = own.price if own and own.price else step.price
            if price is not None and step.payer == payer:
                months_of_price = 12 if self.named(price).unit == "DKK per child and year" else 1
                total += self.months[number][year][index] * self.today(price) / months_of_price
        return total

    def investment(self, number, year, payer):
        total = 0.0
        for investment in self.investments(number):
            for line in investment.costs.values():
                if line.payer == payer:
                    total += self.line(investment, line, year)
        return total

    def line(self, investment, line, year):
        if line.row is not None:
            return self.of_row(line.row, self.first_year + year)
        count = line.posts if line.posts is not None else line.courses_per_year
        months = range(12 * year, 12 * year + 12)
        filled = sum(in_post(self.value, investment, self.first_year, month) for month in months)
        return self.value(count) * self.today(line.price) * filled / 12

    def grant(self, number, year, payer):
        total = 0.0
        for investment in self.investments(number):
            for grant in investment.grants.values():
                sign = (grant.receiver == payer) - (grant.giver == payer)
                total += sign * self.of_row(grant.row, self.first_year + year)
        return total

    def investments(self, number):
        return self.strategies[number].investments.values() if number else []

    def casework(self, number, year, payer):
        payers = list(self.scenario.payers)
        employer = "municipality" if "municipality" in payers else payers[0]
        if payer != employer or self.scenario.caseload is None:
            return 0.0
        total, post = 0.0, self.today(self.scenario.caseload.price_of_post)
        for month in range(12 * year, 12 * year + 12):
            more = self.cases[number][month] - self.cases[0][month]
            total += post * more / (12 * self.caseload(number, month))
        return total

    def caseload(self, number, month):
        """Return cases per caseworker, from the baseline's to the strategy's on a log scale."""
        base = self.value(self.scenario.caseload.baseline)
        change = self.strategies[number].caseload if number else None
        if change is None:
            return base
        share = weight(self.value, change, self.first_year, month)
        return base ** (1 - share) * self.value(change.cases_per_caseworker) ** share

    def net(self, number, year, payer):
        saved = self.cost(0, year, payer) - self.cost(number, year, payer)
        spent = self.casework(number, year, payer) + self.investment(number, year, payer)
        return saved - spent + self.grant(number, year, payer)


def since_filled(value, timing, first_year, month):
    """Return the months from filled posts to the middle of a month; negative before."""
    start = (int(timing.start[:4]) - first_year) * 12 + int(timing.start[5:]) - 1
    lag = value(timing.hiring_lag) if timing.hiring_lag else 0.0
    return month + 0.5 - start - lag


def after_end(timing, first_year, month):
    """Return the months from the end to the middle of a month; negative before, or without end."""
    if timing.end is None:
        return -1.0
    return month + 0.5 - ((int(timing.end[:4]) - first_year) * 12 + int(timing.end[5:]))


def in_post(value, timing, first_year, month):
    """Return the share of a month in which the posts are filled."""
    if after_end(timing, first_year, month) > 0:
        return 0.0
    return min(max(since_filled(value, timing, first_year, month) + 0.5, 0.0), 1.0)


def weight(value, timing, first_year, month):
    """Return the share of the full effect at the middle of a month."""
    since, past = (
        since_filled(value, timing, first_year, month),
        after_end(timing, first_year, month),
    )
    ramp = value(timing.ramp) if timing.ramp else 0.0
    share = min(since / ramp, 1.0) if ramp > 0 else 1.0
    if since <= 0:
        return 0.0
    if timing.half_life and since > ramp:
        share *= 0.5 ** ((since - ramp) / value(timing.half_life))
    if past > 0:
        fade = value(timing.fade_out) if timing.fade_out else 0.0
        share *= max(1 - past / fade, 0.0) if fade > 0 else 0.0
    return share
