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
    return [int(w) for w in philox(number, np.uint64(child.key[0]), np.uint64(child.key[1]), np.uint64(stream), run)]


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
                    children += arrivals(stairs, tables, draw, run, strategy, month, band, step, beyond)
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
    return (step * stairs.n_age_bands + band) * stairs.n_time_bands + int(stairs.times["band"][elapsed])


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


def bill(scenario, value, run):
    """Price one run in plain Python; return net saving by (strategy, year, payer) and the parts.

    `value` gives a quantity's drawn value, as written; `run` holds one draw and replicate as lists:
    months[strategy][year][step] and cases[strategy][month], years and months from the start.
    """
    first, n_years = int(scenario.clock.starts[:4]), len(run["months"][0])
    years, payers = range(n_years), list(scenario.payers)
    level, rise = scenario.money.price_level, 1 + value(scenario.money.indexation)

    def today(amount):
        named = scenario.parameters[amount.parameter] if amount.parameter else amount
        return value(amount) * rise ** (level - named.price_year)

    def of_row(row, year):
        last = max(row.by_year)
        repeated = row.by_year[last] if row.after == "repeat" and str(year) > last else 0.0
        return row.by_year.get(str(year), repeated) * rise ** (level - row.price_year)

    found = {"cost": {}, "investment": {}, "grant": {}, "casework": {}, "net": {}}
    employer = "municipality" if "municipality" in payers else payers[0]
    for number, strategy in enumerate([None, *scenario.strategies.values()]):
        for year in years:
            for payer in payers:
                cost = invested = granted = 0.0
                for index, (name, step) in enumerate(scenario.steps.items()):
                    own = strategy.steps.get(name) if strategy else None
                    price = own.price if own and own.price else step.price
                    if price is not None and step.payer == payer:
                        named = scenario.parameters[price.parameter] if price.parameter else price
                        share = 12 if named.unit == "DKK per child and year" else 1
                        cost += run["months"][number][year][index] * today(price) / share
                for investment in strategy.investments.values() if strategy else ():
                    for line in investment.costs.values():
                        if line.payer != payer:
                            continue
                        if line.row is not None:
                            invested += of_row(line.row, first + year)
                        else:
                            count = line.posts if line.posts is not None else line.courses_per_year
                            paid = sum(
                                in_post(value, investment, first, 12 * year + m) for m in range(12)
                            )
                            invested += value(count) * today(line.price) * paid / 12
                    for grant in investment.grants.values():
                        sign = (grant.receiver == payer) - (grant.giver == payer)
                        granted += sign * of_row(grant.row, first + year)
                casework = 0.0
                if payer == employer and scenario.caseload is not None:
                    for month in range(12 * year, 12 * year + 12):
                        more = run["cases"][number][month] - run["cases"][0][month]
                        cases = caseload(scenario, value, strategy, first, month)
                        casework += today(scenario.caseload.price_of_post) * more / (12 * cases)
                key = (number, year, payer)
                found["cost"][key], found["casework"][key] = cost, casework
                found["investment"][key], found["grant"][key] = invested, granted
                saved = found["cost"][(0, year, payer)] - cost
                found["net"][key] = saved - casework - invested + granted
    return found


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
    since, past = since_filled(value, timing, first_year, month), after_end(timing, first_year, month)
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


def caseload(scenario, value, strategy, first_year, month):
    """Return cases per caseworker: from the baseline's to the strategy's along the ramp, in logs."""
    base = value(scenario.caseload.baseline)
    if strategy is None or strategy.caseload is None:
        return base
    change = strategy.caseload
    w = weight(value, change, first_year, month)
    return base ** (1 - w) * value(change.cases_per_caseworker) ** w
