"""The whole model in plain Python: slow, obvious, month by month and child by child.

It shares with the package only the random function and the integer tables. On the same tables its
moves equal the kernel's bit for bit.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from stepdown.kernel.layout import DISPLACED, INFLOW, MADE_TO_WAIT, REQUESTED, STOCK, WAITED
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


@dataclass(eq=False)
class Child:
    key: tuple[int, int]
    age: int
    step: int | None
    elapsed: int
    month: int
    beyond_reach: bool
    frailty: int = 0
    number: int = 0  # of the next candidate
    left: int | None = None  # hazard until the next candidate; None: not drawn yet
    move: int | None = None  # accepted in the month that ends
    wanted: int | None = None  # step with places that it asks for
    by: int | None = None
    asked: int = 0
    order: int = 0
    rank: int = 0
    placed: int = 0
    months: dict = field(default_factory=dict)  # by (year, step)
    history: list = field(default_factory=list)  # (month edge, step, events)


@dataclass
class Counts:
    months: np.ndarray
    stock: np.ndarray
    moves: np.ndarray
    cases: np.ndarray
    weighted: np.ndarray
    refund: np.ndarray
    occupied: np.ndarray
    queue: np.ndarray
    histories: dict = field(default_factory=dict)  # by (strategy, draw, replicate, key)
    children: dict = field(default_factory=dict)  # by run: [(step, year, months, factor)] a child


def words(number, child, stream, run):
    return [
        int(w)
        for w in philox(
            number, np.uint64(child.key[0]), np.uint64(child.key[1]), np.uint64(stream), run
        )
    ]


def simulate(stairs, tables, seed, first_draw, n_replicates, coupling=None):
    """Simulate every run of a chunk; the arrays are those of `stepdown.kernel.loop.Counts`."""
    n_draws, n_steps = tables.row.shape[0], stairs.moves_from.shape[0]
    n_years = int(stairs.months["year"][-1]) + 1
    n_moves = stairs.moves.size + stairs.birthdays.shape[0]
    shape = (stairs.n_strategies, n_draws, n_replicates)
    n_paid = n_years if stairs.follows_money else 0
    limits = coupling is not None and coupling.places.size > 0
    counts = Counts(
        np.zeros((*shape, n_years, n_steps), int),
        np.zeros((*shape, n_years + 1, n_steps), int),
        np.zeros((*shape, n_years, n_moves), int),
        np.zeros((*shape, stairs.n_months)),
        np.zeros((*shape, n_paid, n_steps)),
        np.zeros((*shape, n_paid)),
        np.zeros((*shape, stairs.n_months if stairs.keeps_occupied else 0, n_steps), int),
        np.zeros((*shape, n_years if limits else 0, n_steps, 4), int),
    )
    for draw in range(n_draws):
        for replicate in range(n_replicates):
            run = np.uint64(run_key(np.uint64(seed), first_draw + draw, replicate))
            for strategy in range(stairs.n_strategies):
                where = (strategy, draw, replicate)
                World(stairs, tables, coupling, run, where, counts).live()
    return counts


class World:
    """The children of one municipality in one run under one strategy."""

    def __init__(self, stairs, tables, coupling, run, where, counts):
        self.stairs, self.tables, self.coupling, self.run = stairs, tables, coupling, run
        self.where, self.counts = where, counts
        self.strategy, self.draw, _ = where
        self.children = []

    def everybody(self):
        """List who comes under the strategy, in the order of coming."""
        stairs, tables = self.stairs, self.tables
        found = stock(stairs, tables, self.draw, self.run)
        for month in range(stairs.n_months):
            found += arrivals_of(stairs, tables, self.draw, self.run, self.strategy, month)
        return found

    def live(self, everybody=None):
        """Let everybody live, or the children given alone."""
        stairs = self.stairs
        everybody = self.everybody() if everybody is None else everybody
        for edge in range(stairs.n_months + 1):
            events = {}
            for child in self.children:
                events[child] = self.cross(child, edge)
            for child in [child for child in everybody if child.month == edge]:
                events[child] = []
                self.come(child, edge)
            if edge > 0:
                self.give_places(edge, events)
            for child in self.children:
                child.history.append((edge, child.step, events[child]))
                self.counts.histories[(*self.where, child.key)] = child.history
            self.count(edge, events)
            if edge < stairs.n_months:
                accept = self.thresholds(edge)
                for child in self.children:
                    self.live_month(child, edge, accept)
        for child in everybody:
            self.pay(child)

    # ------------------------------------------------------------------------------- a month

    def live_month(self, child, month, accept):
        """Meet candidates until one is accepted or the month is over."""
        stairs = self.stairs
        if stairs.steps["is_absorbing"][child.step]:
            return
        position = 0
        row = row_of(stairs, child)
        hazard = int(self.tables.row[self.draw, row]["hazard"])
        while child.move is None:
            if child.left is None:
                candidate = words(child.number, child, Stream.MOVES, self.run)
                child.candidate = candidate
                child.left = int(exponential(candidate[0], candidate[1]))
                child.number += 1
            if position + child.left >= hazard:
                child.left -= hazard - position
                return
            position += child.left
            child.left = None
            move = choose(stairs, self.tables, self.draw, child.step, row, child.candidate[2])
            if self.accepts(child, move, month, child.candidate[3], accept):
                child.move = move

    def accepts(self, child, move, month, word, accept):
        stairs, tables = self.stairs, self.tables
        column, band = stairs.moves["column"][move], stairs.ages["effect_band"][child.age]
        if child.beyond_reach:
            return word < tables.accept_base[self.draw, column]
        threshold = int(accept[column, band])
        for effect in range(len(stairs.reach_key)):
            if stairs.reach_touches[effect, column, band]:
                u = words(stairs.reach_key[effect], child, Stream.REACH, self.run)[0]
                reach = tables.reach[self.draw, effect, month, self.strategy]
                if u < reach["share"]:
                    threshold = threshold * int(reach["ratio"]) >> 28
        return word < threshold

    def thresholds(self, month):
        """Return the acceptance thresholds of a month; with fixed posts they follow the cases."""
        nominal = self.tables.accept[self.draw, :, :, month, self.strategy]
        ties = self.coupling
        if ties is None or ties.log_rest.size == 0:
            return nominal
        weight = self.tables.case_weight[self.draw]
        held = [0] * len(weight)
        for child in self.children:
            held[child.step] += not child.beyond_reach
        cases = sum(n * w for n, w in zip(held, weight, strict=True))
        relief = ties.log_relief[self.draw, self.strategy, month]
        relief -= math.log(max(cases, 1.0) / ties.cases_at_start[self.draw])
        accept = np.empty(nominal.shape, np.int64)
        for column, band in np.ndindex(*nominal.shape):
            log = ties.elasticity[self.draw, column] * relief
            log += ties.log_rest[self.draw, column, band, month, self.strategy]
            accept[column, band] = math.ceil(math.exp(log) * WORD / ties.bound[self.draw, column])
        return accept

    # -------------------------------------------------------------------------------- an edge

    def cross(self, child, edge):
        """Apply an accepted move and a birthday; return the events. Or ask for a place."""
        stairs = self.stairs
        if stairs.steps["is_absorbing"][child.step]:
            return []
        child.age, child.elapsed = child.age + 1, child.elapsed + 1
        child.placed += int(stairs.steps["is_placed"][child.step])
        move, child.move = child.move, None
        birthday = int(stairs.ages["birthday"][child.age])
        if move is None and birthday < 0:
            return []
        child.left = None
        origin = child.step
        held = to = origin if move is None else int(stairs.moves["destination"][move])
        rank = max(child.rank, int(stairs.steps["rank"][held]))
        if birthday >= 0:
            to = self.after_birthday(child, birthday, held, rank)
        asks = to != origin and self.has_limit(child, to)
        if asks and to == held and stairs.moves["planned"][move] and stairs.overflow[to] < 0:
            if child.wanted != to:
                self.ask(child, to, move, edge)
            return []
        child.wanted = None
        events = [] if move is None else [move]
        if to != held:
            events.append(stairs.moves.size + birthday)
        if to != held or not asks:
            child.rank = rank
        if events:
            child.elapsed = 0
        if to != origin:
            child.step = None
            if asks:
                self.ask(child, to, move, edge)
            else:
                self.enter(child, to)
        return events

    def after_birthday(self, child, birthday, step, rank):
        stairs = self.stairs
        w = words(birthday, child, Stream.BIRTHDAYS, self.run)
        ways = stairs.birthdays[birthday, step]
        if w[0] < self.tables.keep_share[self.draw, birthday, step]:
            return int(ways["keep_to"])
        if not ways["by_history"]:
            return int(ways["leave_to"])
        band = sum(child.placed >= edge for edge in stairs.placed_edge) - 1
        shares = self.tables.enter_share[self.draw, birthday]
        cell = shares[rank * len(stairs.placed_edge) + band]
        return next(s for s in range(len(cell)) if w[1] < cell[s])

    def come(self, child, edge):
        self.children.append(child)
        step, child.step = child.step, None
        child.placed = child.elapsed * int(self.stairs.steps["is_placed"][step])
        if edge > 0 and self.has_limit(child, step):
            self.ask(child, step, None, edge)
        else:
            self.enter(child, step)

    def enter(self, child, step):
        child.step, child.wanted = step, None
        child.rank = max(child.rank, int(self.stairs.steps["rank"][step]))

    # ------------------------------------------------------------------------------- places

    def has_limit(self, child, step):
        ties = self.coupling
        if ties is None or ties.places.size == 0 or child.beyond_reach:
            return False
        return bool(ties.places[self.draw, self.strategy, 0, step] >= 0)

    def ask(self, child, step, move, edge):
        w = words(child.number, child, Stream.PLACES, self.run)
        child.wanted, child.by, child.asked, child.order = step, move, edge, w[0]

    def full(self, step, year):
        places = self.coupling.places[self.draw, self.strategy, year, step]
        here = sum(c.step == step and not c.beyond_reach for c in self.children)
        return places >= 0 and here >= places

    def give_places(self, edge, events):
        stairs = self.stairs
        asking = [c for c in self.children if c.wanted is not None]
        if not asking:
            return
        year = int(stairs.months["year"][min(edge, stairs.n_months - 1)])
        queue = self.counts.queue[(*self.where, year)]
        asking.sort(key=lambda c: (c.asked, c.order))
        for child in [c for c in asking if c.step is None]:
            step = child.wanted
            queue[step, REQUESTED] += 1
            while self.full(step, year) and stairs.overflow[step] >= 0:
                queue[step, DISPLACED] += 1
                step = int(stairs.overflow[step])
            child.elapsed = 0
            self.enter(child, step)
        waiting = [c for c in asking if c.wanted is not None]
        for child in waiting:
            queue[child.wanted, REQUESTED] += child.asked == edge
        served = True
        while served:
            served = False
            for child in waiting:
                if child.wanted is not None and not self.full(child.wanted, year):
                    events[child].append(child.by)
                    child.elapsed, child.left = 0, None
                    self.enter(child, child.wanted)
                    served = True
        for child in waiting:
            if child.wanted is not None:
                queue[child.wanted, WAITED] += edge < stairs.n_months
                queue[child.wanted, MADE_TO_WAIT] += child.asked == edge

    # ------------------------------------------------------------------------------- counting

    def count(self, edge, events):
        stairs, counts, where = self.stairs, self.counts, self.where
        last = counts.stock.shape[-2] - 1
        is_last = edge == stairs.n_months
        year = last if is_last else int(stairs.months["year"][edge])
        weight = self.tables.case_weight[self.draw]
        opens = is_last or edge == 0 or year != stairs.months["year"][edge - 1]
        open_cases = [0] * len(weight)
        for child in self.children:
            step = child.step
            counts.stock[(*where, year, step)] += opens
            for event in events[child]:
                counts.moves[(*where, int(stairs.months["year"][edge - 1]), event)] += 1
            if is_last:
                continue
            counts.months[(*where, year, step)] += 1
            open_cases[step] += not child.beyond_reach
            child.months[year, step] = child.months.get((year, step), 0) + 1
            if stairs.keeps_occupied:
                counts.occupied[(*where, edge, step)] += 1
        if not is_last:
            counts.cases[(*where, edge)] = sum(
                n * w for n, w in zip(open_cases, weight, strict=True)
            )

    def pay(self, child):
        """Add up what a child costs each year, and what the state refunds of it.

        In integers, as the kernel does: factors in units of 2^-20, prices of 2^-16, refunds of
        2^-24 kr.
        """
        tables, draw = self.tables, self.draw
        spent = []
        self.counts.children.setdefault(self.where, []).append(spent)
        cost = {}
        for (year, step), months in child.months.items():
            factors = tables.price_factor[draw, step, child.frailty]
            factor = 2**20
            if len(factors):
                w = words(step, child, Stream.PRICES, self.run)[0]
                factor = int(factors[w * len(factors) // WORD])
            spent.append((step, year, months, factor / 2**20))
            if self.stairs.follows_money:
                self.counts.weighted[(*self.where, year, step)] += months * factor / 2**20
            if tables.price.size:
                price = int(
                    tables.price[draw, min(self.strategy, tables.price.shape[1] - 1), year, step]
                )
                cost[year] = cost.get(year, 0) + months * factor * price
        for year, amount in cost.items():
            refund = 0.0
            for edge, share in zip(
                tables.refund_edge[draw, year], tables.refund_share[draw, year], strict=True
            ):
                refund += share * max(amount / 2**36 - edge, 0.0)
            self.counts.refund[(*self.where, year)] += round(refund * 2**24) / 2**24


# ------------------------------------------------------------------------------------ who is there


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
                child = Child(key, 0, step, 0, 0, beyond == 1)
                child.age, child.elapsed = age_and_elapsed(stairs, tables, draw, run, child)
                children.append(child)
    return children


def age_and_elapsed(stairs, tables, draw, run, child):
    w = words(0, child, Stream.ENTRY, run)
    world = min(int(child.beyond_reach), tables.stock_class.shape[1] - 1)
    classes = tables.stock_class[draw, world, child.step]
    child.frailty = next(g for g in range(len(classes)) if w[3] < classes[g])
    cells = tables.stock_cell[draw, world, child.step, child.frailty]
    cell = next(c for c in range(len(cells)) if w[0] < cells[c])
    age, band = divmod(cell, stairs.n_time_bands)
    width = int(stairs.time_edge[band + 1] - stairs.time_edge[band])
    entries = tables.stock_entry[draw, world, child.step, child.frailty, band]
    first = max(age - width + 1, 0)
    point = entries[first] + unit_float(w[1], w[2]) * (entries[age + 1] - entries[first])
    came = next((a for a in range(first, age) if point < entries[a + 1]), age)
    return age, int(stairs.time_edge[band]) + age - came


def arrivals_of(stairs, tables, draw, run, strategy, month):
    """List the children who arrive in a month under one strategy."""
    children = []
    for step in range(stairs.moves_from.shape[0]):
        for beyond in (0, 1):
            for band in range(stairs.bands.size):
                cell = (month, band, step, beyond)
                children += arrivals(stairs, tables, draw, run, strategy, cell)
    return children


def arrivals(stairs, tables, draw, run, strategy, cell):
    month, band, step, beyond = cell
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
        child = Child(key, 0, step, 0, month + 1, beyond == 1)
        entry = words(0, child, Stream.ENTRY, run)
        first, width = (int(stairs.bands[field][band]) for field in ("first_age", "n_ages"))
        child.age = first + entry[0] * width // WORD
        classes = tables.class_share[draw]
        child.frailty = next(g for g in range(len(classes)) if entry[3] < classes[g])
        children.append(child)
    return children


def row_of(stairs, child):
    row = child.frailty * stairs.moves_from.shape[0] + child.step
    row = row * stairs.n_age_bands + int(stairs.ages["band"][child.age])
    return row * stairs.n_time_bands + int(stairs.times["band"][child.elapsed])


def choose(stairs, tables, draw, step, row, word):
    edges = tables.slot[draw, row]
    return int(stairs.moves_from[step, next(j for j in range(len(edges)) if word < edges[j])])


class Purse:
    """The money of one draw and replicate in plain Python: what each payer pays in each year.

    `value` gives a quantity's drawn value, as written. `months[strategy][year][step]`,
    `cases[strategy][month]` and `moves[strategy][year][move]` count from the start of the clock;
    strategy 0 is the baseline. `children[strategy]` lists the children, each a list of (step,
    year, months, price factor); without it nothing is refunded. `occupied[strategy][month][step]`
    counts children.
    """

    def __init__(self, scenario, value, months, cases, moves, *, children=None, occupied=None):
        self.scenario, self.value, self.months, self.cases = scenario, value, months, cases
        self.moves, self.children, self.occupied = moves, children, occupied
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
        total = self.once(number, year, payer)
        for index, (name, step) in enumerate(self.scenario.steps.items()):
            if step.payer == payer:
                paid = self.paid_months(number, year, index, name)
                total += paid * self.price(number, year, name)
        return total - self.line_saving(number, year, payer)

    def paid_months(self, number, year, index, name):
        """Return months on a step, each child's times its price factor where children are given."""
        if self.children is None:
            return self.months[number][year][index]
        return sum(
            months * factor
            for child in self.children[number]
            for step, when, months, factor in child
            if (step, when) == (name, year)
        )

    def lines(self, number):
        name = list(self.scenario.strategies)[number - 1] if number else None
        return [x for x in self.scenario.budget_lines.values() if name in x.strategies]

    def line_saving(self, number, year, payer):
        total = 0.0
        for line in self.lines(number):
            if line.kind != "residual" and payer in line.saving:
                row, years_late = line.saving[payer], self.value(line.delay_months) / 12
                earlier = self.first_year + year - int(years_late // 1)
                part = years_late % 1
                profile = (1 - part) * self.of_row(row, earlier)
                profile += part * self.of_row(row, earlier - 1)
                total += self.value(line.realised_share) * profile
        return total

    def price(self, number, year, name):
        """Return the price of a month on a step in the price level."""
        price = self.own(number, year, "steps", name, "price") or self.scenario.steps[name].price
        if price is None:
            return 0.0
        in_a_year = self.named(price).unit == "DKK per child and year"
        return self.today(price) / (12 if in_a_year else 1)

    def once(self, number, year, payer):
        total = 0.0
        for index, (name, move) in enumerate(self.scenario.moves.items()):
            price = self.own(number, year, "moves", name, "one_off") or move.one_off
            if price is not None and move.payer == payer:
                total += self.moves[number][year][index] * self.today(price)
        return total

    def own(self, number, year, table, name, key):
        """Return a strategy's own figure: the period's of that year, else that of all years."""
        strategy = self.strategies[number]
        if strategy is None:
            return None
        now = self.first_year + year
        for own in (*strategy.periods.values(), strategy):
            holds = own is strategy or own.from_year <= now <= (own.to_year or now)
            figure = getattr(getattr(own, table).get(name), key, None)
            if holds and figure:
                return figure
        return None

    def outcome(self, number, year, name):
        total = 0.0
        for table, bearers, counted, share in (
            ("steps", self.scenario.steps, self.months, 1 / 12),
            ("moves", self.scenario.moves, self.moves, 1),
        ):
            for index, (bearer_name, bearer) in enumerate(bearers.items()):
                weight = bearer.outcomes.get(name)
                own = self.own(number, year, table, bearer_name, "outcomes") or {}
                weight = own.get(name, weight)
                if weight is not None:
                    total += counted[number][year][index] * share * self.value(weight)
        return total

    def refund(self, number, year, payer):
        """Return what a payer gets of the refunds of a year: each child's cost apart."""
        sign = (payer == "municipality") - (payer == "state")
        calendar, level = self.first_year + year, self.scenario.money.price_level
        rise = 1 + self.value(self.scenario.money.indexation)
        laws = [law for law in self.scenario.reimbursement if law.from_year <= calendar]
        if not laws or self.children is None:
            return 0.0
        total = 0.0
        for child in self.children[number]:
            cost = 0.0
            for name, when, months, factor in child:
                step = self.scenario.steps[name]
                if when == year and step.reimbursable and step.payer == "municipality":
                    monthly = self.price(number, year, name) * rise ** (calendar - level)
                    # The walk adds up integers: prices of a month are whole units of 2^-16 kr.
                    cost += months * round(monthly * 2**16) / 2**16 * factor
            total += self.refund_of_one(cost, laws[-1], rise ** (calendar - laws[-1].price_year))
        return sign * total / rise ** (calendar - level)

    @staticmethod
    def refund_of_one(cost, law, regulated):
        """Return the refund of one child's cost: each slice between thresholds at its share."""
        refund, edges = 0.0, [above * regulated for above in law.above]
        for band, share in enumerate(law.shares):
            top = edges[band + 1] if band + 1 < len(edges) else float("inf")
            refund += share * max(0.0, min(cost, top) - edges[band])
        return refund

    def stranded(self, number, year, payer):
        """Return what places that the baseline still uses cost under notice, by whole months."""
        total = 0.0
        for index, (name, step) in enumerate(self.scenario.steps.items()):
            if step.notice_months is None or step.payer != payer:
                continue
            notice = int(self.value(step.notice_months))
            assert notice == self.value(step.notice_months), "plain notice is in whole months"
            fixed = self.value(step.fixed_share) * self.price(0, year, name)
            for month in range(12 * year, 12 * year + 12):
                now = self.empty(number, month, index)
                back = [self.empty(number, month - k, index) for k in range(notice + 1)]
                total += fixed * (now - min(back))
        return total

    def empty(self, number, month, index):
        if month < 0:
            return 0
        return max(0, self.occupied[0][month][index] - self.occupied[number][month][index])

    def investment(self, number, year, payer):
        total = 0.0
        for investment in self.investments(number):
            for line in investment.costs.values():
                if line.payer == payer:
                    total += self.line(self.strategies[number], investment, line, year)
        for budget_line in self.lines(number):
            if payer in budget_line.investment:
                total += self.of_row(budget_line.investment[payer], self.first_year + year)
        return total

    def more_posts(self, strategy):
        caseload = self.scenario.caseload
        target = self.value(strategy.caseload.cases_per_caseworker)
        return self.value(caseload.posts) * (self.value(caseload.baseline) / target - 1)

    def line(self, strategy, investment, line, year):
        if line.row is not None:
            return self.of_row(line.row, self.first_year + year)
        if line.posts_for_caseload:
            count = self.more_posts(strategy)
        else:
            count = self.value(line.posts if line.posts is not None else line.courses_per_year)
        months = range(12 * year, 12 * year + 12)
        filled = sum(in_post(self.value, investment, self.first_year, month) for month in months)
        return count * self.today(line.price) * filled / 12

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
        payers = self.scenario.payers
        wholes = [name for name in payers if payers[name].part_of is None]
        employer = "municipality" if "municipality" in payers else wholes[0]
        caseload = self.scenario.caseload
        if payer != employer or caseload is None or caseload.mode == "fixed_posts":
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
        if change is None or change.cases_per_caseworker is None:
            return base
        share = weight(self.value, change, self.first_year, month)
        return base ** (1 - share) * self.value(change.cases_per_caseworker) ** share

    def net(self, number, year, payer):
        saved = self.cost(0, year, payer) - self.cost(number, year, payer)
        spent = self.casework(number, year, payer) + self.investment(number, year, payer)
        refunded = self.refund(number, year, payer) - self.refund(0, year, payer)
        stranded = self.stranded(number, year, payer)
        return saved - spent - stranded + refunded + self.grant(number, year, payer)


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
