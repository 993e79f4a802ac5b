"""What a scenario file holds on levers: the law, caseload, follow-up, and how levers interact."""

from typing import Literal

from pydantic import Field

from stepdown.files.model import FileModel
from stepdown.scenario.kinds import Month, MoveClass, Timing
from stepdown.scenario.quantity import Label, Name, Quantity

__all__ = [
    "Caseload",
    "CaseloadChange",
    "Elasticity",
    "FollowUp",
    "FollowUpChange",
    "Interaction",
    "Law",
]


class Law(FileModel):
    """A law on help for children: what it calls things, and how often it wants a follow-up."""

    label: Label
    in_force_from: Month = Field(description="First month in force.")
    in_force_to: Month | None = Field(None, description="Last month; leave out if it still holds.")
    longest_follow_up: Quantity = Field(
        description="The longest interval between follow-ups that the law allows, in months."
    )
    step_labels: dict[Name, Label] = Field({}, description="Steps that it calls something else.")


class Elasticity(FileModel):
    """How moves answer to a lever: (reference / lever) ^ elasticity."""

    all: Quantity = Field(description="Elasticity of every class of moves not named.")
    by_class: dict[MoveClass, Quantity] = Field({}, description="Elasticity of a class of its own.")


class Caseload(FileModel):
    """Open cases per caseworker as a lever."""

    mode: Literal["held", "fixed_posts"] = Field(
        "held",
        description="held: posts follow the number of cases; fixed_posts: the caseload follows.",
    )
    reference: Quantity = Field(description="The caseload at which the base rates hold.")
    baseline: Quantity = Field(description="Caseload of the baseline.")
    price_of_post: Quantity = Field(description="Full cost of a caseworker for a year.")
    elasticity: Elasticity
    posts: Quantity | None = Field(None, description="Caseworkers in the baseline.")
    children_0_17: Quantity | None = Field(
        None, description="Children of the municipality, to judge the number of cases by."
    )
    turnover: Quantity | None = Field(
        None, description="Share of the caseworkers who leave in a year, in the baseline."
    )
    vacancy_months: Quantity | None = Field(None, description="How long a post then is empty.")
    newcomer_months: Quantity | None = Field(None, description="How long a newcomer does less.")
    newcomer_capacity: Quantity | None = Field(
        None, description="What a newcomer does in that time, as a share of an experienced one."
    )


class FollowUp(FileModel):
    """Months between follow-ups of a child as a lever."""

    reference: Quantity = Field(description="The interval at which the base rates hold.")
    baseline: Quantity = Field(description="Interval of the baseline.")
    elasticity: Elasticity


class CaseloadChange(Timing):
    """A strategy's caseload, or the turnover of its caseworkers, or both."""

    cases_per_caseworker: Quantity | None = None
    turnover: Quantity | None = Field(None, description="Share of them who leave in a year.")


class FollowUpChange(Timing):
    """A strategy's interval between follow-ups."""

    interval_months: Quantity


class Interaction(FileModel):
    """A ratio on some moves for two levers that work at the same time, beyond their product."""

    between: tuple[str, ...] = Field(
        min_length=2, max_length=2, description='Two investments, "caseload" or "follow_up".'
    )
    on: tuple[str, ...] = Field(min_length=1, description="Classes of moves, or moves.")
    hazard_ratio: Quantity = Field(description="Ratio on the rate while both work in full.")
