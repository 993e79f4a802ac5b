"""The words of what looks wrong and may be right; see `stepdown.report.doubts`."""

__all__ = ["WORDS_OF_DOUBTS"]

WORDS_OF_DOUBTS = {
    "late_cost": (
        "Advarsel: {label} virker fra {since}, men koster først noget fra {paid}. Er årstallene"
        " rigtige?",
        "Warning: {label} works from {since} and costs nothing until {paid}. Are the years right?",
    ),
    "more_cases": (
        "Advarsel: {label} har {own} sager pr. rådgiver mod {baseline} uden strategien, og den"
        " koster penge. Er de to tal byttet om?",
        "Warning: {label} has {own} cases per caseworker and the baseline {baseline}, and it costs"
        " money. Have the two been swapped?",
    ),
    "slow": (
        "Advarsel: {label} er {months} måneder om at komme til at virke fuldt ud, og der er {left}"
        " måneder tilbage af beregningen. Er tallet måneder?",
        "Warning: {label} takes {months} months until it works in full, and {left} months of the"
        " model are left. Is the number in months?",
    ),
    "small_row": (
        "Advarsel: {key} er højst {amount} kr. om året. Er beløbene i tusinder eller millioner?",
        "Warning: {key} is at most {amount} kroner a year. Are the amounts in thousands or"
        " millions?",
    ),
}
