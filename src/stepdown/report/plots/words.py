"""The words of figures, in Danish and English; see `stepdown.report.words`."""

from stepdown.report.words import Language

__all__ = ["say"]

_WORDS = {
    "without": ("Uden indsatsen", "Without the investment"),
    "with": ("Med indsatsen", "With the investment"),
    "cumulative": (
        "Nettobesparelse i alt ved årets udgang",
        "Net saving in all by the end of the year",
    ),
    "net_by_year": ("Nettobesparelse i året", "Net saving in the year"),
    "fan_80": ("midterste 8 af 10", "middle 8 of 10"),
    "fan_50": ("midterste 5 af 10", "middle 5 of 10"),
    "median": ("Midterste (median)", "Middle (median)"),
    "published": ("{} netto", "{} net"),
    "published_with_residual": (
        "{} netto inkl. restopgave (ingen beregning bag tallet)",
        "{} net with residual (no calculation behind it)",
    ),
    "chance_below": (
        "Under årstallet: sandsynligheden for gevinst i året",
        "Below the year: probability of a gain in it",
    ),
    "gross_saving": ("Besparelse på indsatser", "Saving on measures"),
    "casework": ("Rådgivere, fordi sagstallet ændres", "Caseworkers, since cases change"),
    "investment": ("Investering", "Investment"),
    "grants": ("Tilskud", "Grants"),
    "stranded": ("Tomme pladser i opsigelse", "Emptied places under notice"),
    "refusion": ("Ændret statsrefusion", "Change in reimbursement"),
    "net_saving": ("Nettobesparelse", "Net saving"),
    "present_value": ("nutidsværdi", "present value"),
    "present_value_of_net": (
        "Nutidsværdi af nettobesparelsen",
        "Present value of the net saving",
    ),
    "municipality": ("Kommunen", "The municipality"),
    "region": ("Regionen", "The region"),
    "state": ("Staten", "The state"),
    "all_payers": ("Alle offentlige kasser", "All public payers"),
    "parameter_low": ("Antagelsen er lav (10 %)", "The assumption is low (10%)"),
    "parameter_high": ("Antagelsen er høj (90 %)", "The assumption is high (90%)"),
    "from_to": ("{} til {}", "{} to {}"),
    "p_best": (
        "Sandsynlighed for, at strategien er den bedste",
        "Probability that the strategy is the best",
    ),
    "worth": (
        "Hvad en undgået anbringelsesmåned sættes til at være værd, 1.000 kr.",
        "Worth put on a placement month avoided, DKK thousand",
    ),
    "budget": (
        "Hvad der må bruges på investeringen, nutidsværdi, {}",
        "What may be spent on the investment, present value, {}",
    ),
    "frontier_is_thick": (
        "Tyk linje: højest gennemsnit",
        "Thick line: highest mean",
    ),
    "mean_and_80": ("gennemsnit og midterste 8 af 10 fremtider", "mean and middle 8 of 10 futures"),
    "highest": (
        "Højest (ring): {name}, som er bedst i {share} af fremtiderne",
        "Highest (ring): {name}, the best in {share} of the futures",
    ),
    "stock": (
        "børn den 31. december, gennemsnit og midterste 8 af 10 fremtider",
        "children on 31 December, mean and middle 8 of 10 futures",
    ),
    "all_placements": ("Anbragte i alt", "All placements"),
    "flows": (
        "Skift om året {}-{}: uden → med indsatsen, gennemsnit",
        "Moves a year {}-{}: without → with the investment, mean",
    ),
    "moves_up": ("Op ad trappen", "Up the staircase"),
    "moves_down": ("Ned ad trappen", "Down the staircase"),
    "more": ("flere med indsatsen", "more with the investment"),
    "fewer": ("færre med indsatsen", "fewer with the investment"),
    "same": ("ingen sikker forskel", "no certain difference"),
    "luck": ("Tilfældighed", "Chance"),
    "knowledge": ("Usikre antagelser", "Uncertain assumptions"),
    "variance_share": ("Andel af variansen", "Share of the variance"),
    "spread_above": (
        "Over søjlen: årets standardafvigelse, {}",
        "Above the bar: the year's standard deviation, {}",
    ),
    "distance_to_target": (
        "Modellens forventning mod det observerede (0), i standardafvigelser af observationen",
        "What the model expects against what was observed (0), in standard deviations of it",
    ),
    "prior_bar": ("før målene: 8 af 10 træk", "before the targets: 8 of 10 draws"),
    "posterior_bar": ("efter målene: 8 af 10 træk", "after the targets: 8 of 10 draws"),
    "learnt_from": ("median, lært af målet", "median, learnt from the target"),
    "held_out": ("median, målet holdt ude", "median, target held out"),
    "luck_interval": ("streg: 95 %-interval", "line: 95% interval"),
}


def say(key: str, lang: Language) -> str:
    """Return a word or sentence in a language."""
    return _WORDS[key][0 if lang == "da" else 1]
