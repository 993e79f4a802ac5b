"""The words of runs for expectations, in Danish and English; see `stepdown.report.words`."""

__all__ = ["WORDS_OF_MEANS"]

WORDS_OF_MEANS = {
    "runs_of_part": (
        "forventede værdier: {draws} sæt antagelser med en tilfældig del af børnene (i"
        " gennemsnit {children}, eller alle), {replicates} gentagelse(r) af hvert, frø {seed}",
        "expectations: {draws} draws with a random part of the children ({children} on average,"
        " or all), {replicates} replicate(s) of each, seed {seed}",
    ),
    "reading_means": (
        "Gennemsnit år for år, hvert med sin simulationsusikkerhed (standardfejl), og det samme"
        " gennemsnit korrigeret ved regression på de trukne antagelser. Positive besparelser er en"
        " gevinst. Usikkerheden siger, hvor nøjagtigt gennemsnittet er beregnet, ikke hvor meget"
        " kommunens resultat kan svinge: spændet og sandsynlighederne kræver en kørsel uden --for.",
        "Means year by year, each with its simulation error (standard error), and the same mean"
        " adjusted by regression on the draws. Positive savings are a gain. The error says how"
        " precisely the mean is computed, not how far the municipality's result may stray: for the"
        " spread and the probabilities run without --for.",
    ),
    "std_error": ("±", "±"),
    "with_regression": ("m. regression", "regression"),
    "adjusted_value": (
        "Samme tal, korrigeret ved regression: {value} (±{error}); varians uden / med: {ratio}",
        "The same, adjusted by regression: {value} (±{error}); variance without / with: {ratio}",
    ),
    "no_figure": (
        "savings.png viser et spænd og tegnes ikke for forventede værdier",
        "savings.png shows a spread and is not drawn for expectations",
    ),
}
