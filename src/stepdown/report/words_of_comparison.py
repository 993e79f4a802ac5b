"""The words of comparisons of two runs, in Danish and English; see `stepdown.report.words`."""

from stepdown.report.words import Language

__all__ = ["compared"]

_WORDS = {
    "title": ("Sammenligning af to kørsler", "Comparison of two runs"),
    "first": ("Første", "First"),
    "second": ("Anden", "Second"),
    "run": ("Kørsel", "Run"),
    "scenario": ("Scenarie", "Scenario"),
    "stepdown": ("Stepdown, version", "Stepdown version"),
    "seed": ("Frø", "Seed"),
    "n_draws": ("Sæt antagelser", "Draws"),
    "n_replicates": ("Gentagelser af hvert", "Replicates of each"),
    "n_children": ("Børn pr. sæt antagelser", "Children in a draw"),
    "design": ("Valg af sæt antagelser", "Design of the draws"),
    "purpose": ("Formål", "Purpose"),
    "price_level": ("Prisniveau", "Price level"),
    "payer": ("Hvis penge", "Whose money"),
    "budget_years": ("Budgetår", "Budget years"),
    "law": ("Lov", "Law"),
    "input": ("Hvad der er ændret i forudsætningerne", "What changed in the input"),
    "no_input": (
        "Ingen ændringer i forudsætningerne: de to kørsler bygger på de samme tal.",
        "No change in the input: both runs rest on the same figures.",
    ),
    "figure": ("Tal", "Figure"),
    "unit": ("Enhed", "Unit"),
    "added": ("tilføjet", "added"),
    "removed": ("fjernet", "removed"),
    "changed": ("ændret", "changed"),
    "ground": ("ny begrundelse", "new grounds"),
    "evidence": ("kilden ændret", "source changed"),
    "kind": ("Ændring", "Change"),
    "n_figures": ("({} tal)", "({} figures)"),
    "true": ("ja", "yes"),
    "false": ("nej", "no"),
    "outcome": ("Hvad det betyder for resultatet", "What it does to the result"),
    "difference": ("Forskel", "Difference"),
    "error": ("±", "±"),
    "present_value": (
        "Nutidsværdi af kommunens nettobesparelse, 1.000 kr.",
        "Present value of the municipality's net saving, DKK thousand",
    ),
    "net_saving": (
        "Kommunens nettobesparelse {year}, 1.000 kr.",
        "Municipality's net saving {year}, DKK thousand",
    ),
    "paid_back": (
        "Tilbagebetalt senest {year}, sandsynlighed i %",
        "Paid back by {year}, probability in %",
    ),
    "saving_reached": (
        "Offentliggjort besparelse nås {year}, sandsynlighed i % ({line})",
        "Published saving reached {year}, probability in % ({line})",
    ),
    "placement_months_avoided": (
        "Anbringelsesmåneder undgået i alt",
        "Placement months avoided in all",
    ),
    "paired": (
        "Kørslerne er sammenlignet fremtid for fremtid: de har {draws} sæt antagelser til fælles"
        " (samme frø). Derfor er forskellen langt mere præcis end tallene hver for sig.",
        "The runs are compared future by future: they share {draws} draws (same seed). So the"
        " difference is far more precise than the figures by themselves.",
    ),
    "unpaired": (
        "Kørslerne er ikke sammenlignet fremtid for fremtid, da {why}. Forskellens usikkerhed"
        " rummer derfor begge kørslers. Kør begge med samme frø for et mere præcist svar.",
        "The runs are not compared future by future, since {why}. So the error of the difference"
        " holds that of both. Run both with the same seed for a more precise answer.",
    ),
    "why_seed": ("frøene er forskellige", "their seeds differ"),
    "why_design": (
        "deres sæt antagelser er valgt på hver sin måde",
        "their draws are designed differently",
    ),
    "reading": (
        "± er forskellens simulationsusikkerhed (standardfejl). En forskel under det dobbelte af"
        " den kan skyldes simuleringen alene; den siger intet om, hvor usikre antagelserne er.",
        "± is the simulation error of the difference (standard error). A difference below twice"
        " that may come from the simulation alone; it says nothing of how uncertain the"
        " assumptions are.",
    ),
    "only_strategies": (
        "Strategier kun i {which} kørsel: {names}",
        "Strategies of the {which} run only: {names}",
    ),
    "only_years": (
        "Budgetår kun i {which} kørsel: {names}",
        "Budget years of the {which} run only: {names}",
    ),
    "which_first": ("første", "first"),
    "which_second": ("anden", "second"),
    "no_common": (
        "De to kørsler har ingen strategi til fælles, så intet resultat kan sammenlignes.",
        "The two runs have no strategy in common, so no result can be compared.",
    ),
    "horizons": (
        "Nutidsværdi, tilbagebetaling og anbringelsesmåneder dækker de fælles budgetår"
        " {first}-{last}.",
        "Present value, payback and placement months cover the budget years both have,"
        " {first}-{last}.",
    ),
    "whose": (
        "Kommunens penge er i den første kørsel betaleren {before}, i den anden {after}.",
        "The municipality's money is that of the payer {before} in the first run, of {after} in the"
        " second.",
    ),
    "prices": (
        "Kørslerne er i hvert sit prisniveau ({before} og {after}), så kronebeløb kan ikke trækkes"
        " fra hinanden. Kør begge i samme prisniveau.",
        "The runs stand in different price levels ({before} and {after}), so amounts cannot be"
        " subtracted. Run both in the same price level.",
    ),
    "means_only": (
        "Mindst én kørsel er lavet til forventede værdier, så sandsynligheder er udeladt.",
        "At least one run is for expectations, so probabilities are left out.",
    ),
    "same": (
        "De to kørsler er ens: samme forudsætninger, samme sæt antagelser og samme resultat.",
        "The two runs are equal: the same input, draws and result.",
    ),
}


def compared(key: str, lang: Language) -> str:
    """Return a word or sentence of a comparison in a language."""
    return _WORDS[key][0 if lang == "da" else 1]
