"""Words for the figures of a scenario file, in Danish and English."""

__all__ = ["DISTRIBUTIONS", "ENDINGS", "GRADES", "HEADS", "SHAPES", "UNITS"]

Both = tuple[str, str]

ENDINGS: dict[str, Both] = {
    "price": ("pris", "price"),
    "price_spread": ("prisens spredning mellem børn", "spread of the price between children"),
    "fixed_share": (
        "andel af prisen i opsigelsesperioden",
        "share of the price during notice",
    ),
    "notice_months": ("opsigelsesperiode", "notice period"),
    "case_weight": ("sagsvægt", "case weight"),
    "rate": ("rate", "rate"),
    "probability": ("sandsynlighed", "probability"),
    "share": ("andel af raten", "share of the rate"),
    "rest_of": ("andel af raten", "share of the rate"),
    "by_age": ("rate efter alder", "rate by age"),
    "by_time": ("rate efter tid på trinnet", "rate by time on the step"),
    "one_off": ("engangsudgift", "one-off cost"),
    "children_per_year": ("tilgang pr. år", "arrivals a year"),
    "ages": ("alder ved tilgang", "age at arrival"),
    "reference": ("niveau, som raterne gælder ved", "level at which the rates hold"),
    "baseline": ("niveau uden strategien", "level without the strategy"),
    "price_of_post": ("pris pr. årsværk", "price of a post"),
    "posts": ("antal årsværk", "number of posts"),
    "children_0_17": ("antal 0-17-årige", "children aged 0-17"),
    "turnover": ("personaleomsætning blandt rådgivere", "turnover of caseworkers"),
    "vacancy_months": ("tid med ledig stilling", "time a post is vacant"),
    "newcomer_months": ("oplæringstid", "time a newcomer does less"),
    "newcomer_capacity": ("nyansattes kapacitet", "capacity of a newcomer"),
    "cases_per_caseworker": ("sager pr. rådgiver", "cases per caseworker"),
    "interval_months": ("måneder mellem opfølgninger", "months between follow-ups"),
    "hiring_lag": ("tid, før stillingerne er besat", "time until posts are filled"),
    "ramp": ("indkøring til fuld effekt", "time to full effect"),
    "fade": ("effektens aftagen", "fading of the effect"),
    "control_risk": ("risiko i kontrolgruppen", "risk in the control group"),
    "courses_per_year": ("forløb pr. år", "courses a year"),
    "effect_months": ("hvor længe et forløb virker", "how long a course works"),
    "row": ("beløb pr. år", "amounts by year"),
    "places": ("antal pladser", "number of places"),
    "reinvested_share": ("geninvesteret andel", "reinvested share"),
    "realised_share": ("realiseret andel", "realised share"),
    "delay_months": ("forsinkelse", "delay"),
    "correlation": ("korrelation", "correlation"),
    "indexation": ("pris- og lønfremskrivning", "indexation of prices and wages"),
    "longest_follow_up": (
        "længste tilladte tid mellem opfølgninger",
        "longest time allowed between follow-ups",
    ),
    "spent": ("forbrug ifølge regnskabet", "spending in the accounts"),
}
"""The last part of a key."""

HEADS: dict[str, Both] = {
    "caseload": ("Sagstal", "Caseload"),
    "follow_up": ("Opfølgning", "Follow-up"),
    "stock": ("Børn på hvert trin ved start", "Children on each step at the start"),
    "stock_later": ("Børn på hvert trin senere", "Children on each step later"),
    "growth": ("Vækst i antal børn", "Growth of the number of children"),
    "frailty": ("Forskelle mellem børn", "Differences between children"),
    "base_budget": ("Budget uden strategien", "Budget without the strategy"),
    "money": ("Penge", "Money"),
    "reimbursement": (
        "Statsrefusion for særligt dyre enkeltsager",
        "State reimbursement for especially costly cases",
    ),
    "elasticity": ("elasticitet", "elasticity"),
    "discount": ("Diskonteringsrente", "Discount rate"),
    "adult_life": ("Voksenliv", "Adult life"),
    "goes_on": ("andel, der fortsætter ved {} år", "share that goes on at age {}"),
    "effect_on": ("effekt på {}", "effect on {}"),
    "investment": ("investering, {}", "investment, {}"),
    "saving": ("budgetteret besparelse, {}", "budgeted saving, {}"),
    "published": ("offentliggjort besparelse", "published saving"),
    "grant": ("tilskud", "grant"),
    "cost": ("udgift", "cost"),
    "causes": ("Fælles årsag", "Shared cause"),
    "from_year": ("fra år {}", "from year {}"),
}
"""The other parts."""

UNITS: dict[str, Both] = {
    "per year": ("pr. år", "per year"),
    "per month": ("pr. måned", "per month"),
    "months": ("måneder", "months"),
    "share": ("", ""),
    "ratio": ("", ""),
    "probability": ("", ""),
    "correlation": ("", ""),
    "years": ("år", "years"),
    "posts": ("årsværk", "posts"),
    "children": ("børn", "children"),
    "children per year": ("børn pr. år", "children per year"),
    "courses per year": ("forløb pr. år", "courses per year"),
    "cases": ("sager", "cases"),
    "cases per caseworker": ("sager pr. rådgiver", "cases per caseworker"),
    "DKK per year": ("kr. pr. år", "DKK per year"),
    "DKK per child and year": ("kr. pr. barn pr. år", "DKK per child and year"),
    "DKK per child and month": ("kr. pr. barn pr. måned", "DKK per child and month"),
    "DKK per post and year": ("kr. pr. årsværk", "DKK per post and year"),
    "DKK per course": ("kr. pr. forløb", "DKK per course"),
    "DKK": ("kr.", "DKK"),
}
"""Units of scenario files; others stand as the file has them."""

DISTRIBUTIONS: dict[str, Both] = {
    "normal": ("normalfordelt", "normal"),
    "lognormal": ("lognormalfordelt", "lognormal"),
    "uniform": ("jævnt fordelt", "uniform"),
    "triangular": ("trekantfordelt", "triangular"),
    "beta": ("betafordelt", "beta"),
    "gamma": ("gammafordelt", "gamma"),
    "posterior": ("lært fordeling", "posterior"),
}

SHAPES: dict[str, Both] = {
    "mean": ("gennemsnit", "mean"),
    "sd": ("standardafvigelse", "standard deviation"),
    "median": ("median", "median"),
    "mode": ("mest sandsynlig", "most likely"),
    "low": ("lav", "low"),
    "high": ("høj", "high"),
}

GRADES: dict[str, Both] = {
    "assumption": ("antagelse", "assumption"),
    "expert": ("faglig vurdering eller plan", "expert judgement or plan"),
    "tariff": ("takst eller lov", "tariff or law"),
    "register": ("register eller regnskab", "register or accounts"),
    "evaluation": ("evaluering", "evaluation"),
}
"""Kinds of basis, the weakest first."""
