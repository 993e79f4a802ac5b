"""What a scenario file holds: one frozen record per table, the source of the JSON Schema too.

Ages are completed years and stand as bands ("4-11"); dates are months ("2018-01"). What crosses
tables (an unknown step in a move, bands with a gap) is checked in `stepdown.scenario.checks`.
"""

from typing import ClassVar, Literal

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario import whose_money
from stepdown.scenario.budget_model import BudgetLine, Cause, Payer, PublishedLine
from stepdown.scenario.kinds import Age, Band, Month, MoveClass, StepKind, Timing
from stepdown.scenario.levers import (
    Caseload,
    CaseloadChange,
    FollowUp,
    FollowUpChange,
    Interaction,
    Law,
)
from stepdown.scenario.money import Money, Reimbursement
from stepdown.scenario.own_figures import OwnFigures, Period
from stepdown.scenario.posterior_model import PosteriorTable
from stepdown.scenario.quantity import (
    Label,
    Name,
    Provenance,
    Quantity,
    StrategyName,
    Year,
    YearRow,
    YearText,
)
from stepdown.scenario.rate_factors import RateFactor

__all__ = [
    "Correlation",
    "Cost",
    "Effect",
    "Investment",
    "Move",
    "Scenario",
    "Step",
    "Strategy",
]

Children = dict[Name, int]


class Clock(FileModel):
    """When the model starts, how long it runs, and how long a cycle is."""

    starts: Month = Field(description="First month of the simulation; a stock stands before it.")
    first_budget_year: Year = Field(description="First year of the budget tables.")
    n_budget_years: int = Field(ge=1, le=200, description="How many budget years.")
    cycle_months: Literal[1, 12] = Field(1, description="Months in a cycle; 12 in published cases.")


class Bands(FileModel):
    """The bands that hazards are constant in."""

    ages: tuple[Band, ...] = Field(min_length=1, description="Ages in completed years, in order.")
    months_on_step: tuple[Band, ...] = Field(
        min_length=1, description="Months (cycles) since the child came to the step; last one open."
    )


class Factors(Provenance):
    """A factor or a share for each band, by name of the band."""

    example: ClassVar[str] = '{ factors = { "0-3" = 1.0, ... }, source = "file/figure" }'

    factors: dict[str, float] = Field(description="Number by band; every band must be named.")


class Step(FileModel):
    """A state a child is in."""

    label: Label
    level: int = Field(ge=0, le=9, description="Height on the staircase; 0 is everyday life.")
    kind: StepKind
    price: Quantity | None = Field(None, description="Price of a child on the step.")
    payer: Name = Field("municipality", description="Who pays the price first.")
    price_spread: Quantity | None = Field(
        None, description="Spread of the price between children: standard deviation / mean."
    )
    reimbursable: bool = Field(
        True, description="Whether the price counts towards the state's reimbursement."
    )
    fixed_share: Quantity | None = Field(
        None, description="Share of the price that goes on while an emptied place is under notice."
    )
    notice_months: Quantity | None = Field(
        None, description="Months the fixed share goes on after a place empties."
    )
    account_function: str | None = Field(None, description="Function in the chart of accounts.")
    counts_as_case: bool = Field(False, description="Whether a child here is an open case.")
    effect_scale: Literal["rate", "probability"] = Field(
        "rate",
        description="What a ratio on a move from here multiplies, where the moves are given as "
        "probabilities per cycle: their rates, or the probabilities themselves.",
    )
    case_weight: Quantity | None = Field(
        None, description="Cases that a child here counts as; 1 unless given."
    )
    outcomes: dict[Name, Quantity] = Field(
        {}, description="Named outcome weights per child and year, such as qaly."
    )


class Move(FileModel):
    """A transition between two steps."""

    from_step: Name = Field(alias="from", description="Step it leaves.")
    to_step: Name = Field(alias="to", description="Step it leads to.")
    planned: bool = Field(True, description="false marks a breakdown.")
    rate: Quantity | None = Field(None, description="Hazard, per year or per month.")
    probability: Quantity | None = Field(None, description="Probability per cycle instead.")
    share: Quantity | None = Field(None, description="Share of the rate that is this move's.")
    rest_of: Quantity | None = Field(None, description="Share of the rate that another move has.")
    by_age: Factors | None = Field(None, description="Factor on the rate by age band.")
    by_time: Factors | None = Field(None, description="Factor on the rate by months on the step.")
    one_off: Quantity | None = Field(None, description="What the move costs, once.")
    payer: Name = Field("municipality", description="Who pays the one-off cost.")
    outcomes: dict[Name, Quantity] = Field({}, description="Named outcome weights per move.")


class Birthday(FileModel):
    """A birthday that ends support unless the child goes on."""

    leave_to: Name = Field(description="Step of a child that does not go on.")
    goes_on: dict[Name, Quantity] = Field(
        {}, description="Share that stays on its step; of a step not named, nobody does."
    )


class AdultEntry(FileModel):
    """Where young people go who leave the staircase for good, by their history."""

    highest: tuple[Name, ...] = Field(
        min_length=1, description="The highest step reached was one of these."
    )
    months_placed: Band = Field(description="Months placed out of home.")
    shares: dict[Name, Quantity] = Field(
        description="Shares by step of kind adult; scaled to sum to 1."
    )


class AdultLife(FileModel):
    """A coarser ladder after the staircase: off unless the scenario has it, never in the headline.

    The entries name groups of steps from the lowest to the highest, each with the same bands of
    months placed.
    """

    entry: tuple[AdultEntry, ...] = Field(min_length=1)


class Frailty(Provenance):
    """Classes of children who differ in what the model does not see.

    The hazard of a move is multiplied by multiplier ^ loading; the multipliers are scaled to a mean
    of 1 among arrivals.
    """

    multipliers: tuple[float, ...] = Field(min_length=1, max_length=5, description="By class.")
    shares: tuple[float, ...] = Field(description="Shares of the arrivals, by class.")
    loadings: dict[MoveClass, float] = Field(
        description="Exponent by class of moves; 0 where not named."
    )
    price_correlation: float = Field(
        0.0, gt=-1, lt=1, description="Correlation of log price with log multiplier."
    )


class Inflow(FileModel):
    """Children who arrive on a step from outside."""

    ages: Factors = Field(description="Shares of the arrivals by age band; scaled to sum to 1.")
    children_per_year: Quantity | None = Field(
        None, description="Arrivals; leave out to derive them from the documented stock."
    )


class Stock(Provenance):
    """Children on each step at one date, to be met in expectation."""

    date: Month = Field(description="The end of this month.")
    children: dict[Name, float] = Field(description="Children by step.")


class StartStock(Provenance):
    """Children on each step when the simulation starts, counted."""

    date: Month = Field(description="The end of this month.")
    children: Children = Field(description="Children by step.")
    beyond_reach: Children = Field(
        {}, description="More children by step whom no investment can move; they cost all the same."
    )
    age_years: int | None = Field(
        None, ge=0, description="Age of all of them, newly come; else the ages the rates imply."
    )


class Places(Provenance):
    """How many places a step has, by year."""

    example: ClassVar[str] = '{ by_year = { "2018" = 12 }, source = "file/figure" }'

    by_year: dict[YearText, int] = Field(
        min_length=1, description="Places by year; the last holds on."
    )


class Capacity(FileModel):
    """A step with only so many places."""

    places: Places
    overflow: Name | None = Field(
        None, description="Step that takes whom it refuses; without one, planned moves wait."
    )


class Reach(FileModel):
    """How many an effect reaches, where it does not reach every eligible child."""

    courses_per_year: Quantity
    effect_months: Quantity = Field(description="How long a course works.")


class Effect(FileModel):
    """What an investment does to moves, or to the inflow."""

    on: tuple[str, ...] = Field(
        min_length=1, description="Classes of moves, moves, or steps of entry."
    )
    hazard_ratio: Quantity | None = Field(None, description="Ratio on the rate.")
    risk_ratio: Quantity | None = Field(
        None, description="Relative risk at `at_months`; per cycle on the scale of probabilities."
    )
    at_months: float | None = Field(None, gt=0, description="When the relative risk was measured.")
    control_risk: Quantity | None = Field(None, description="Risk of the control group by then.")
    inflow_ratio: Quantity | None = Field(None, description="Ratio on the arrivals.")
    ages: Band | None = Field(None, description="Ages it works at, in completed years.")
    reach: Reach | None = Field(None, description="Leave out if it reaches every eligible child.")


class Cost(FileModel):
    """One line of cost: a row by year, posts x price, or courses x price."""

    label: Label | None = None
    row: YearRow | None = Field(None, description="Amounts by year.")
    posts: Quantity | None = Field(None, description="Full-time posts, from the start month.")
    posts_for_caseload: Literal[True] | None = Field(
        None, description="As many more posts as the strategy's caseload takes."
    )
    courses_per_year: Quantity | None = Field(None, description="Courses a year.")
    price: Quantity | None = Field(None, description="Price of a post and year, or of a course.")
    payer: Name = "municipality"


class Grant(FileModel):
    """Money one payer gives another; a transfer, 0 in the total."""

    giver: Name
    receiver: Name = "municipality"
    row: YearRow


class Investment(Timing):
    """What a strategy does: costs, grants and effects with one start and one ramp."""

    label: Label
    costs: dict[Name, Cost] = {}
    grants: dict[Name, Grant] = {}
    effects: dict[Name, Effect] = {}


class Strategy(OwnFigures):
    """One course of action beside the baseline."""

    label: Label
    caseload: CaseloadChange | None = None
    follow_up: FollowUpChange | None = None
    investments: dict[Name, Investment] = {}
    published: dict[Name, PublishedLine] = {}
    capacity: dict[Name, Places] = Field({}, description="Places of its own, by step.")
    periods: dict[Name, Period] = Field({}, description="Own figures of some years only.")
    interactions: dict[Name, Interaction] = {}
    levels: dict[Name, Name] = Field(
        {}, description="Level by axis; a grid of [levels] writes it for its strategies."
    )
    reinvested_share: Quantity | None = Field(
        None, description="Share of the saving on measures spent again, not taken off the budget."
    )


class Account(FileModel):
    """Actual spending on an account function, to compare the baseline with."""

    label: Label
    steps: tuple[Name, ...] = Field((), description="Steps booked on it; none: not simulated.")
    spent: YearRow


class Correlation(FileModel):
    """Two uncertain numbers that tend to be high together, or one high when the other is low."""

    example: ClassVar[str] = (
        '{ between = ["parameters.one", "parameters.two"], '
        'rho = { value = 0.5, unit = "correlation", source = "file/figure" } }'
    )

    between: tuple[str, ...] = Field(
        min_length=1, description="Two uncertain numbers, each by the dotted path of its key."
    )
    rho: Quantity = Field(
        description="Correlation of their normal scores, above -1 and below 1; a value."
    )


class Scenario(FileModel):
    """A whole scenario: the staircase, the children, the money, and what the strategies do.

    A scenario of budget lines alone has no staircase: none of `STAIRCASE_TABLES`. Any other has
    at least `STAIRCASE_NEEDS` (`stepdown.scenario.whole`).
    """

    head: ClassVar[tuple[str, ...]] = ("extends", "schema_version", "without")

    name: Name
    title: Label
    description: Label
    law: Name | None = Field(None, description="The law of the time, one of `laws`.")
    laws: dict[Name, Law] = {}
    clock: Clock
    given_bands: Bands | None = Field(None, alias="bands")
    payers: dict[Name, Payer]
    steps: dict[Name, Step] = {}
    moves: dict[Name, Move] = {}
    rate_factors: dict[Name, RateFactor] = Field(
        {}, description="Factors that several moves share in a band of ages or time on the step."
    )
    birthdays: dict[Age, Birthday] = Field({}, description="By age in years.")
    inflow: dict[Name, Inflow] = {}
    given_stock: StartStock | None = Field(None, alias="stock")
    stock_later: tuple[Stock, ...] = Field((), description="Documented stocks to be met later.")
    growth: Quantity | None = Field(
        None, description="Growth of the stock per year after the last documented one."
    )
    frailty: Frailty | None = None
    capacity: dict[Name, Capacity] = Field({}, description="Steps with only so many places.")
    adult_life: AdultLife | None = None
    caseload: Caseload | None = None
    follow_up: FollowUp | None = None
    bounds: dict[MoveClass, float] = Field(
        {}, description="Largest multiplier planned for, by class of moves; 2 where not named."
    )
    money: Money
    reimbursement: tuple[Reimbursement, ...] = Field(
        (), description="Laws of state reimbursement for costly children, by first year."
    )
    parameters: dict[Name, Quantity] = Field({}, description="Quantities used in several places.")
    correlations: tuple[Correlation, ...] = Field(
        (), description="Pairs of uncertain numbers that are not independent."
    )
    posterior: PosteriorTable | None = Field(
        None, description="Numbers drawn together from what a calibration learnt."
    )
    baseline: Label
    levels: dict[Name, dict[Name, Strategy]] = Field(
        {}, description="Parts of strategies by axis and level: every combination becomes one."
    )
    strategies: dict[StrategyName, Strategy] = Field({}, description="At least one.")
    base_budget: YearRow | None = Field(None, description="The frame before the strategies.")
    accounts: dict[str, Account] = Field({}, description="Actual spending by account function.")
    budget_lines: dict[Name, BudgetLine] = Field(
        {}, description="Published lines without a mechanism, beside the staircase or alone."
    )
    causes: dict[Name, Cause] = Field({}, description="What budget lines depend on together.")

    @property
    def own_payer(self) -> str:
        """Whose money the scenario is about, caseworkers and shown figures alike."""
        return whose_money.own_payer(self._part_of)

    @property
    def own_payers(self) -> tuple[str, ...]:
        """That payer and its parts."""
        return whose_money.own_payers(self._part_of)

    @property
    def _part_of(self) -> dict[str, str | None]:
        return {name: payer.part_of for name, payer in self.payers.items()}

    @property
    def has_staircase(self) -> bool:
        """Whether children are simulated; otherwise there are budget lines alone."""
        return self.given_stock is not None

    @property
    def bands(self) -> Bands:
        """The bands that hazards are constant in; only of a scenario with a staircase."""
        assert self.given_bands is not None, "own invariant: asked of a staircase only"
        return self.given_bands

    @property
    def stock(self) -> StartStock:
        """The children when the simulation starts; only of a scenario with a staircase."""
        assert self.given_stock is not None, "own invariant: asked of a staircase only"
        return self.given_stock
