"""The words of the template, in Danish and English."""

from stepdown.report.words import Language

__all__ = ["INSTRUCTIONS", "tell"]

_WORDS = {
    "title": ("Skabelon til Stepdown", "Template for Stepdown"),
    "sheet_instructions": ("Vejledning", "Instructions"),
    "sheet_scenario": ("Scenarie", "Scenario"),
    "scenario_title": ("Hvad scenariet er", "What the scenario is"),
    "year_rule": ("Skriv et årstal som 2025.", "Write a year such as 2025."),
    "number_rule": ("Skriv et tal.", "Write a number."),
}

INSTRUCTIONS: dict[Language, tuple[str, ...]] = {
    "da": (
        "Udfyld arkene, og indlæs bogen med: stepdown import BOG.xlsx --out MAPPE. Så bliver den"
        " til en scenariefil, som stepdown check og stepdown run kan læse.",
        "Alt, der ikke står i bogen, kommer fra det scenarie, den bygger på (arket Scenarie). En"
        " række, du sletter, gælder derfor stadig, som den står dér. Skriv 0 for at fjerne et"
        " beløb.",
        "Er bogen for en anden kommune end det scenarie (andet navn, anden titel eller en anden"
        " kommune), tages intet af dens egne tal med i stilhed: børn, sagstal, start, strategier,"
        " årsværk, beløb og løfter. Skriv jeres egne tal. Kolonnen Gælder også os: ja, hvis tallet"
        " også er rigtigt hos jer, nej, hvis rækken skal udgå.",
        "Kolonner med * skal udfyldes i hver række. Kolonnernes rækkefølge er ligegyldig, men"
        " overskrifterne skal stå, som de står, i række 3.",
        'Tal skrives som tal uden punktum, ikke som tekst: 250000 og ikke "250.000". Flet ikke'
        " celler, og skjul intet, der læses. Formler må gerne bruges, når bogen er gemt af et"
        " regneark, der har regnet dem ud uden fejl.",
        "Beløb er i kroner (ikke 1.000 kr.) og positive, både udgifter og besparelser. Kun en"
        " offentliggjort nettobesparelse kan være negativ. Budgetlinjer skal stå i scenariets"
        " prisniveau; andre priser omregnes fra deres prisår.",
        "Hvert tal skal have en kilde eller en antagelse. Kilde: enten en nøgle til Stepdowns"
        ' evidens (fil/tal, flere med komma) eller din egen kilde i ord, f.eks. "Økonomisystemet,'
        ' regnskab 2025". Egne kilder kræver kommune og dato i arket Scenarie. Antagelse: hvorfor'
        " tallet er valgt, mindst 8 tegn.",
        "Fordeling: fast tal (kun midten), trekant (lav, mest sandsynlig, høj), jævn (lav, høj),"
        " lognormal (2,5 %, median, 97,5 %), normal og gamma (middel, spredning).",
        "Koder (trin, strategi, linje, betaler) skrives med små bogstaver a-z, tal og _. Nye"
        " strategier og udvalg oprettes ved at tilføje en række i arkene Strategier og Udvalg.",
        "Årstal over beløbene kan ændres og tilføjes i overskriften, hvor årstallet står alene. En"
        " række begynder i det første budgetår og har intet hul: skriv 0, hvor der ikke er noget."
        " Efter sidste beløb siger kolonnen Efter sidste år, om det gentages, eller om der er nul.",
        "Egne noter og mellemregninger skrives i ark, I selv opretter; de læses ikke.",
    ),
    "en": (
        "Fill in the sheets and read the book with: stepdown import BOOK.xlsx --out FOLDER. It"
        " becomes a scenario file that stepdown check and stepdown run can read.",
        "What is not in the book comes from the scenario it extends (sheet Scenario). So a row that"
        " you delete still holds as it stands there. Write 0 to remove an amount.",
        "Where the book is of another municipality than that scenario (another name, title or"
        " municipality), none of its own figures is taken over in silence: children, caseload,"
        " starts, strategies, posts, amounts and promises. Write your own figures. Column Ours too:"
        " yes if the figure is right for you as well, no if the row is to be left out.",
        "Columns with * are needed in every row. The order of columns does not matter, but the"
        " headings must stay as they are, in row 3.",
        "Numbers are written as numbers without a mark of thousands, not as text. Do not merge"
        " cells, and hide nothing that is read. Formulas are fine once a spreadsheet that has"
        " calculated them without error has saved the book.",
        "Amounts are in kroner (not thousands) and positive, spending and savings alike. Only a"
        " published net saving may be negative. Budget lines are in the scenario's price level;"
        " other prices are converted from their price year.",
        "Every number has a source or an assumption. Source: a key of Stepdown's evidence"
        ' (file/figure, several with commas), or your own source in words, such as "Finance system,'
        ' accounts 2025". Sources of your own need municipality and date in the sheet Scenario.'
        " Assumption: why the number was chosen, at least 8 characters.",
        "Distribution: fixed (the middle alone), triangular (low, most likely, high), uniform (low,"
        " high), lognormal (2.5 %, median, 97.5 %), normal and gamma (mean, standard deviation).",
        "Codes (step, strategy, line, payer) have lower-case letters a-z, digits and _. New"
        " strategies and committees are added as a row in the sheets Strategies and Committees.",
        "Years above the amounts may be changed and added in the headings, where a year stands"
        " alone. A row begins in the first budget year and has no gap: write 0 where there is"
        " nothing. After its last amount, the column After the last year says whether that is"
        " repeated.",
        "Notes and sums of your own go into sheets that you add; they are not read.",
    ),
}


def tell(key: str, lang: Language) -> str:
    """Return a word of the template in a language."""
    return _WORDS[key][0 if lang == "da" else 1]
