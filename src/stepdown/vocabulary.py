"""The words of the model, in English and Danish, each with one meaning; and the order of the axes.

English identifiers; the Danish word is the one that municipalities and the law use. Where a word
of the law changed on 1 January 2024 (barnets lov), the gloss names both.
"""

from dataclasses import dataclass

__all__ = ["AXES", "GLOSSARY", "TERMS", "Term", "glossary_markdown"]

AXES = ("strategy", "draw", "replicate", "year", "step", "payer")
"""Order of the dims of every result: what is absent is left out, nothing is reordered."""


@dataclass(frozen=True)
class Term:
    """One word of the model."""

    code: str
    """As in code and in files."""
    label_en: str
    label_da: str
    gloss: str
    """What it means here, in English."""
    source: str
    """Who uses the word, or the decision record that defines it."""


_STAIRCASE = (
    Term(
        "staircase",
        "intervention staircase",
        "indsatstrappen",
        "Forms of help ordered by how far they take a child from everyday life, and roughly by "
        "price. A word of the profession, not of the law.",
        "Social- og Boligstyrelsen",
    ),
    Term(
        "step",
        "step",
        "trin",
        "A state a child is in: a form of help, or a case that is closed.",
        "0005",
    ),
    Term(
        "level",
        "level",
        "niveau",
        "Height of a step, 0 to 9. 0 is everyday life; the aim is downwards.",
        "0005",
    ),
    Term(
        "home",
        "help at home",
        "støtte i hjemmet",
        "Kind of step: help is given and the child lives at home. In the law støttende indsats; "
        "accounts say forebyggende foranstaltning.",
        "barnets lov",
    ),
    Term(
        "placement",
        "placement",
        "anbringelse",
        "Kind of step: the child lives out of home. Class of moves: to such a step from one that "
        "is neither a placement nor home after a placement.",
        "barnets lov; 0005",
    ),
    Term(
        "adult",
        "adult life",
        "voksenliv",
        "Kind of step: where young people are who have left the staircase for good.",
        "0019",
    ),
    Term(
        "closed",
        "closed case",
        "lukket sag",
        "Kind of step: no help is given, and the child may come back.",
        "0005",
    ),
    Term(
        "closed_after_placement",
        "home after a placement",
        "hjemgivet",
        "Kind of step: no help is given after a placement. It is what the model remembers of one.",
        "0005",
    ),
    Term(
        "need",
        "undetected need",
        "uopdaget behov",
        "Kind of step: a child needs help and nobody who could give it knows. It costs nothing "
        "and is no case.",
        "0017",
    ),
    Term("exit", "exit", "ude af modellen", "Kind of step: the child does not come back.", "0005"),
    Term(
        "kind_state",
        "state without a level",
        "tilstand",
        "Kind of step that files call state, without a place on the staircase; for published "
        "cases from other fields.",
        "0005",
    ),
    Term(
        "network_care",
        "kinship care",
        "netværks- og slægtspleje",
        "Placement with relatives or people whom the child knows.",
        "barnets lov",
    ),
    Term("foster_care", "foster care", "plejefamilie", "Placement with a family.", "barnets lov"),
    Term(
        "boarding_school",
        "boarding school",
        "kost- og efterskole",
        "Placement at a boarding or continuation school.",
        "Danmarks Statistik",
    ),
    Term(
        "own_room",
        "own room",
        "eget værelse",
        "Placement of a young person in a room of their own, with support.",
        "barnets lov",
    ),
    Term(
        "residential_home",
        "residential home",
        "opholdssted",
        "Placement in a private residential home. Since 2024 the law says børne- og ungehjem for "
        "this and for an institution; accounts and older statistics keep them apart.",
        "Danmarks Statistik",
    ),
    Term(
        "institution",
        "institution",
        "døgninstitution",
        "Placement in a residential institution, mostly public.",
        "Danmarks Statistik",
    ),
    Term(
        "youth_support",
        "youth support",
        "ungestøtte",
        "Help that goes on from 18 to 22 and ends on the 23rd birthday; efterværn before 2024.",
        "barnets lov",
    ),
    Term(
        "beyond_reach",
        "beyond reach",
        "uden for indsatsens rækkevidde",
        "Children who are paid for and whom no investment can move, such as those whom another "
        "municipality handles.",
        "0006",
    ),
)

_MOVES = (
    Term(
        "move",
        "move",
        "skift",
        "A transition from one step to another, or back to the same step with another provider.",
        "0002",
    ),
    Term(
        "detection",
        "detection",
        "opsporing",
        "Move from an undetected need to help at home or an assessment: somebody noticed, and the "
        "municipality acts. A notification (underretning) is how most are noticed; many lead to "
        "no measure.",
        "0017",
    ),
    Term("step_down", "step down", "skridt ned ad trappen", "Move to a lower level.", "0005"),
    Term("step_up", "step up", "skridt op ad trappen", "Move to a higher level.", "0005"),
    Term(
        "within_level",
        "move within a level",
        "skift på samme niveau",
        "Move between two steps of one level.",
        "0005",
    ),
    Term(
        "breakdown",
        "breakdown",
        "sammenbrud",
        "Move that nobody planned; the file marks it planned = false.",
        "Ankestyrelsen",
    ),
    Term(
        "reunification",
        "return home",
        "hjemgivelse",
        "Move from a placement to a step that is none.",
        "barnets lov; 0005",
    ),
    Term(
        "re_entry",
        "re-entry",
        "genanbringelse",
        "Move from home after a placement to a placement.",
        "0005",
    ),
    Term(
        "leave",
        "case closed",
        "sagen lukkes",
        "Move from a step that is no placement to a closed case or out of the model.",
        "0005",
    ),
    Term(
        "hazard",
        "rate",
        "rate (hazard)",
        "How often a move happens per month or year among those who can make it. Not a "
        "probability: 1 - exp(-rate) is.",
        "0002",
    ),
    Term(
        "effect",
        "effect",
        "effekt",
        "What an investment multiplies the rate of some moves, or the arrivals, by.",
        "0005",
    ),
    Term(
        "reach",
        "reach",
        "rækkevidde",
        "The share of eligible children whom courses reach, where an effect does not work on all.",
        "0002",
    ),
    Term(
        "stock",
        "stock",
        "bestand",
        "Children on each step on a date.",
        "0006",
    ),
    Term(
        "inflow",
        "inflow",
        "tilgang",
        "Children who arrive on a step from outside; derived so that it keeps the stock.",
        "0006",
    ),
    Term(
        "misfit",
        "misfit",
        "afvigelse fra bestanden",
        "Children that the rates imply on a step, less those documented.",
        "0006",
    ),
)

_CASEWORK = (
    Term(
        "caseworker",
        "caseworker",
        "rådgiver",
        "Employee who decides on help for children (myndighedsrådgiver), not one who gives it.",
        "kommunal praksis",
    ),
    Term(
        "open_case",
        "open case",
        "åben sag",
        "A child on a step that counts as a case; children beyond reach are counted too.",
        "0004",
    ),
    Term(
        "caseload",
        "caseload",
        "sagstal pr. rådgiver",
        "Open cases per full-time caseworker.",
        "kommunal praksis",
    ),
    Term(
        "elasticity",
        "elasticity",
        "elasticitet",
        "By how many per cent a rate changes when the caseload, or the time between follow-ups, "
        "falls by one per cent.",
        "0005",
    ),
    Term(
        "case_weight",
        "case weight",
        "sagsvægt",
        "How many cases a child on a step counts as, where cases differ in work.",
        "0018",
    ),
    Term(
        "turnover",
        "turnover of caseworkers",
        "personaleomsætning",
        "Share of the caseworkers who leave in a year. Empty posts and newcomers leave the others "
        "with more cases than the caseload says.",
        "0018",
    ),
    Term(
        "follow_up_interval",
        "interval between follow-ups",
        "opfølgningsinterval",
        "Months between two follow-ups (opfølgninger) on the plan of one child. The law sets the "
        "longest one allowed.",
        "serviceloven; barnets lov",
    ),
    Term(
        "law",
        "law of the time",
        "gældende lov",
        "serviceloven until the end of 2023, barnets lov from 1 January 2024. It decides names of "
        "steps and the longest interval between follow-ups.",
        "serviceloven; barnets lov",
    ),
    Term(
        "interaction",
        "interaction",
        "samspil",
        "What two levers do together beyond the product of what each does alone.",
        "0018",
    ),
    Term(
        "grid_level",
        "level of a lever",
        "investeringsniveau",
        "One value of a lever in a grid, such as 29 cases per caseworker; every combination of "
        "levels is a strategy.",
        "0018",
    ),
    Term(
        "post",
        "post",
        "årsværk",
        "One full-time employee for a year.",
        "kommunal praksis",
    ),
)

_MONEY = (
    Term(
        "baseline",
        "baseline",
        "basisalternativ",
        "The course that strategies are compared with: no new investment.",
        "Socialstyrelsen 2021",
    ),
    Term("strategy", "strategy", "strategi", "One course of action beside the baseline.", "0008"),
    Term(
        "investment",
        "investment",
        "investering",
        "What a strategy does: costs, grants and effects with one start. Current spending "
        "(drift), not construction (anlæg).",
        "0008",
    ),
    Term("payer", "payer", "betaler", "A public purse: municipality, region or state.", "0008"),
    Term("municipality", "municipality", "kommune", "Payer of placements and casework.", "0008"),
    Term("region", "region", "region", "Payer; bears nothing in the shipped scenarios.", "0008"),
    Term("state", "state", "stat", "Payer; gives grants in the shipped scenarios.", "0008"),
    Term(
        "price",
        "price",
        "enhedspris",
        "What a child on a step costs per month or year, in the prices of a stated year.",
        "0008",
    ),
    Term(
        "price_level",
        "price level",
        "prisniveau",
        "The year in whose prices all results are.",
        "0008",
    ),
    Term(
        "indexation",
        "indexation",
        "pris- og lønfremskrivning",
        "Yearly rise of prices and wages, which carries an amount from one price level to another.",
        "KL",
    ),
    Term(
        "account_function",
        "account function",
        "funktion i kontoplanen",
        "Where the accounts of a municipality book a step, such as 5.28.22.",
        "den kommunale kontoplan",
    ),
    Term(
        "grant",
        "grant",
        "tilskud",
        "Money one payer gives another. It is a transfer: 0 over all payers.",
        "0008",
    ),
    Term(
        "reimbursement",
        "state reimbursement",
        "statsrefusion for særligt dyre enkeltsager",
        "What the state refunds of the cost of one child in one year above the law's thresholds. "
        "A transfer: 0 over all payers. In variables refusion.",
        "barnets lov; 0015",
    ),
    Term(
        "notice",
        "notice period",
        "opsigelsesperiode",
        "Months in which a fixed share of the price of an emptied place goes on.",
        "0015",
    ),
    Term(
        "service_expenditure",
        "service expenditure",
        "serviceudgift",
        "The municipality's spending before grants and reimbursement: what the ceiling "
        "(serviceramme) sees. Of this area, as far as the model counts it.",
        "kommunal praksis; 0015",
    ),
    Term(
        "municipality_net",
        "municipality, net",
        "kommunens nettoudgift",
        "The municipality's spending after grants and reimbursement: what leaves the till.",
        "kommunal praksis; 0015",
    ),
    Term(
        "reinvested_share",
        "reinvested share",
        "geninvesteret andel",
        "Share of the saving on measures that is spent again on other help: resources are freed, "
        "and the budget falls by the rest only.",
        "0015",
    ),
    Term(
        "gross_saving",
        "saving on measures",
        "besparelse på indsatser",
        "Spending on measures, baseline less strategy, before the investment is paid.",
        "0008",
    ),
    Term(
        "casework_cost",
        "casework",
        "rådgivere til ændret sagsantal",
        "Caseworkers for more open cases than the baseline has; negative when there are fewer.",
        "0008",
    ),
    Term(
        "net_saving",
        "net saving",
        "nettobesparelse",
        "What a payer gains by a strategy, all counted; > 0 is a gain. Municipal budgets have "
        "the opposite sign.",
        "0008",
    ),
    Term(
        "published_line",
        "published line",
        "budgetteret besparelse",
        "A saving as the council saw it: an estimate (skøn), a target (måltal) or a residual.",
        "0008",
    ),
    Term(
        "budget_line",
        "budget line",
        "budgetlinje",
        "A published profile of investment and saving with no mechanism behind it.",
        "0013",
    ),
    Term(
        "realised_share",
        "realised share",
        "realiseret andel",
        "How much of a published saving comes true; 1 is all of it.",
        "0013",
    ),
    Term(
        "cause",
        "cause",
        "fælles årsag",
        "What several budget lines depend on together, and by which they are correlated.",
        "0013",
    ),
    Term(
        "committee",
        "committee",
        "udvalg",
        "Part of the municipality with a budget of its own, entered as a payer that is part of it.",
        "0013",
    ),
    Term(
        "residual",
        "residual",
        "restopgave",
        "A published saving that closes a gap and rests on no calculation; it gets no probability.",
        "0008",
    ),
    Term(
        "present_value",
        "present value",
        "nutidsværdi",
        "Net saving over the budget years, discounted to the first year of investment.",
        "Finansministeriet",
    ),
    Term(
        "payback",
        "payback",
        "tilbagebetaling",
        "First year from which the cumulative net saving stays at 0 or above to the horizon, "
        "undiscounted.",
        "0008",
    ),
    Term(
        "deepest_deficit",
        "deepest deficit",
        "puklen",
        "The lowest point of the median cumulative net saving: what must be financed meanwhile.",
        "kommunal praksis",
    ),
    Term(
        "full_year_place",
        "full-year place",
        "helårsplads",
        "Twelve child-months on a step (helårsperson).",
        "Danmarks Statistik",
    ),
    Term(
        "break_even",
        "break-even",
        "nulpunkt",
        "How large the effect must be, as a multiple of the median one, for the mean present "
        "value to be 0.",
        "0012",
    ),
)

_UNCERTAINTY = (
    Term(
        "draw",
        "draw",
        "sæt antagelser",
        "One set of values of all uncertain numbers: what we do not know.",
        "0003",
    ),
    Term(
        "replicate",
        "replicate",
        "gentagelse",
        "One realisation of chance for a draw: what is luck.",
        "0003",
    ),
    Term("future", "future", "fremtid", "One replicate of one draw.", "0003"),
    Term(
        "luck_share",
        "luck's share",
        "heldets andel",
        "Share of the variance of a figure that more knowledge could not remove.",
        "0003",
    ),
    Term(
        "shared_lives",
        "shared lives",
        "samme liv i begge verdener",
        "A child lives the same life with and without a strategy until the strategy touches it.",
        "0014",
    ),
    Term(
        "independent_lives",
        "independent lives",
        "uafhængige liv",
        "The world with a strategy has luck of its own; the mean saving is the same.",
        "0014",
    ),
    Term(
        "correlation",
        "correlation",
        "korrelation",
        "How far two uncertain numbers are high and low together, from -1 to 1.",
        "0014",
    ),
    Term(
        "scramble",
        "scramble",
        "omblanding",
        "One of the 16 independent versions of the evenly spread draws of a Sobol run.",
        "0014",
    ),
    Term(
        "quantile",
        "quantile",
        "fraktil",
        "The 10 % quantile is the figure that 10 % of the futures do not exceed.",
        "0003",
    ),
    Term(
        "monte_carlo_error",
        "Monte Carlo error",
        "simulationsusikkerhed",
        "How far a figure may be off because the number of draws is finite; more draws shrink it.",
        "0003",
    ),
    Term(
        "p_saving_reached",
        "P(saving reached)",
        "P(besparelsen nås)",
        "Share of futures in which baseline less strategy is at least the published saving. No "
        "account ever shows it.",
        "0008",
    ),
    Term(
        "p_budget_kept",
        "P(budget kept)",
        "P(budget holdt)",
        "Share of futures in which spending under the strategy stays within the frame.",
        "0008",
    ),
    Term(
        "p_gain",
        "P(gain)",
        "P(gevinst)",
        "Share of futures in which the municipality's net saving of a year is above 0.",
        "0008",
    ),
    Term(
        "prior",
        "prior",
        "forhåndsskøn",
        "A distribution that says what is believed of a number before local data have spoken.",
        "0009",
    ),
    Term(
        "evidence",
        "evidence",
        "kilde",
        "A cited number with its source, grade and date of reading.",
        "0009",
    ),
    Term(
        "assumption",
        "assumption",
        "antagelse",
        "A number that no source gives, with the reason for it.",
        "0009",
    ),
)

GLOSSARY: tuple[tuple[str, tuple[Term, ...]], ...] = (
    ("The staircase", _STAIRCASE),
    ("Children who move", _MOVES),
    ("Casework", _CASEWORK),
    ("Money", _MONEY),
    ("Uncertainty", _UNCERTAINTY),
)
"""All words under the headings of the glossary."""

TERMS: dict[str, Term] = {term.code: term for _, terms in GLOSSARY for term in terms}
"""All words by code."""

_HEAD = """\
# Glossary

The words of the model, in English and Danish. Made from `src/stepdown/vocabulary.py`: change them
there. A number of four digits is the [decision record](decisions/README.md) that defines the word.
"""


def glossary_markdown() -> str:
    """Return the text of docs/glossary.md."""
    parts = [_HEAD]
    for heading, terms in GLOSSARY:
        rows = [
            f"| {term.label_en} | {term.label_da} | `{term.code}` | {term.gloss} | {term.source} |"
            for term in terms
        ]
        table = [
            "| English | Dansk | In code | Meaning | Word from |",
            "| --- | --- | --- | --- | --- |",
        ]
        parts.append("\n".join([f"## {heading}", "", *table, *rows]) + "\n")
    return "\n".join(parts)
