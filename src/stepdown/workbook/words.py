"""The words of the exported workbook, in Danish and English; see `stepdown.report.words`."""

from stepdown.report.words import Language

__all__ = ["say"]

_WORDS = {
    # lines of the form
    "measures_line": ("Indsatser: {}", "Measures: {}"),
    "one_off_line": ("Engangsudgifter ved skift", "One-off costs of moves"),
    "unallocated_line": (
        "Prisforskelle mellem børn (kan ikke fordeles på funktioner)",
        "Price differences between children (not allocated to functions)",
    ),
    "stranded_line": ("Tomme pladser i opsigelsesperioden", "Emptied places under notice"),
    "spending_line": ("Udgifter til indsatsen", "Spending on the strategy"),
    "grant_line": ("Tilskud fra andre", "Grants from others"),
    "casework_line": (
        "Rådgivere, fordi antallet af sager ændres",
        "Caseworkers, since the number of cases changes",
    ),
    "refusion_line": (
        "Statens refusion for særligt dyre enkeltsager",
        "State reimbursement for especially costly cases",
    ),
    # the form
    "form_title": ("Budgetændring: {}", "Budget change: {}"),
    "committee": ("Udvalg", "Committee"),
    "sector": ("Sektor (vedrører kun drift)", "Sector (current spending only)"),
    "service": ("Service (valgfrit)", "Service (optional)"),
    "current_or_capital": ("Drift/Anlæg", "Current or capital spending"),
    "current": ("Drift", "Current"),
    "budget_type": ("Budgettype", "Type of budget change"),
    "fill_in": ("[udfyldes]", "[to be filled in]"),
    "all_committees": ("Kommunen i alt", "Municipality in total"),
    "no_committee": ("Uden for udvalg", "No committee"),
    "effect_in": (
        "Virkning {first}-{last} i 1.000 kr., {level}-priser",
        "Effect {first}-{last} in DKK thousand, {level} prices",
    ),
    "sign_note": (
        "Budgetændring (- = budgetreduktion, + = budgettilførsel)",
        "Budget change (- = reduction, + = addition)",
    ),
    "mean_note": (
        "Gennemsnit af {runs} beregnede fremtider. Faste priser: {level}-niveau.",
        "Mean of {runs} simulated futures. Fixed prices: level of {level}.",
    ),
    "line": ("Linje", "Line"),
    "function": ("Funktion", "Function"),
    "lasting": ("Varigt\n({})", "Lasting\n({})"),
    "lasting_none": ("Varigt", "Lasting"),
    "savings_heading": ("Bruttobesparelse, beregnet", "Gross saving, calculated"),
    "savings_total": ("A. Bruttobesparelse i alt", "A. Gross saving in total"),
    "investment_heading": ("Investering", "Investment"),
    "investment_total": ("B. Investering i alt", "B. Investment in total"),
    "other_heading": ("Afledte ændringer", "Derived changes"),
    "other_total": ("C. Afledte ændringer i alt", "C. Derived changes in total"),
    "net_total": ("Budgetændring netto ({})", "Net budget change ({})"),
    "cumulative": ("Akkumuleret", "Cumulative"),
    "rounding": (
        "Afrundingsdifference (beregnet før afrunding, minus ovenfor)",
        "Rounding difference (before rounding, less the above)",
    ),
    "by_committee": ("Netto pr. udvalg", "Net by committee"),
    "for_comparison": (
        "Til sammenligning og om usikkerheden",
        "For comparison, and on uncertainty",
    ),
    "residual": (
        "Restopgave i oplægget (ingen beregning bag tallet; ikke med ovenfor)",
        "Residual in the proposal (no calculation behind it; not in the above)",
    ),
    "p_reached": (
        "Sandsynlighed for at den offentliggjorte besparelse nås",
        "Probability that the published saving is reached",
    ),
    "net_bookable": (
        "Budgetændring netto, som holder i 8 af 10 fremtider",
        "Net budget change that holds in 8 of 10 futures",
    ),
    "gross_bookable": (
        "Bruttobesparelse, som nås i 8 af 10 fremtider",
        "Gross saving reached in 8 of 10 futures",
    ),
    "net_bad": ("Budgetændring netto, dårligt udfald (10 %)", "Net change, bad outcome (10%)"),
    "net_median": ("Budgetændring netto, median", "Net change, median"),
    "net_good": ("Budgetændring netto, godt udfald (90 %)", "Net change, good outcome (90%)"),
    "resume": (
        "Resumé (til brug i overblik og prioriteringsmodel)",
        "Summary (for overview and prioritising)",
    ),
    "description": ("Beskrivelse", "Description"),
    "staff": ("Personalemæssige konsekvenser", "Consequences for staff"),
    "derived": ("Andre afledte konsekvenser", "Other consequences"),
    "rounding_note": (
        "Hver linje er afrundet til hele 1.000 kr. Summerne er summer af de afrundede linjer;"
        " forskellen til det uafrundede resultat står som afrundingsdifference. Kroner uden"
        " afrunding står i arket {}.",
        "Each line is rounded to whole DKK thousand. Sums are sums of rounded lines; how far they"
        " are from the unrounded result stands as a rounding difference. Unrounded kroner are in"
        " the sheet {}.",
    ),
    "lasting_note": (
        "Varigt: beregningens sidste år, {}. Virkningen kan stadig være på vej op eller ned.",
        "Lasting: the last year of the calculation, {}. The effect may still be rising or falling.",
    ),
    "lasting_missing": (
        "Varigt: ikke beregnet, da beregningen slutter med {}.",
        "Lasting: not calculated, since the calculation ends with {}.",
    ),
    "draft_note": (
        "Gule felter skal udfyldes eller godkendes af forvaltningen.",
        "Yellow cells are to be filled in or approved by the administration.",
    ),
    # texts of the form
    "resume_text": (
        "{label}: investeringen er {i0} i {y0} og {i1} i {y1} efter tilskud. Beregnet i gennemsnit"
        " ændrer indsatsen udgifterne før investering med {g0} i {y0} og {g1} i {y1}, og {whose}"
        " budget netto med {n0} i {y0} og {n1} i {y1} (- er en budgetreduktion). I {y1} ligger"
        " nettoændringen i 8 af 10 fremtider mellem {low} og {high}.",
        "{label}: the investment is {i0} in {y0} and {i1} in {y1} after grants. On average the"
        " strategy changes spending before investment by {g0} in {y0} and {g1} in {y1}, and the"
        " {whose} net budget by {n0} in {y0} and {n1} in {y1} (- is a reduction). In {y1}"
        " the net change lies between {low} and {high} in 8 of 10 futures.",
    ),
    "whose_municipality": ("kommunens", "municipality's"),
    "whose_committee": ("udvalgets", "committee's"),
    "reached_text": (
        " Sandsynligheden for, at {told} nås, er beregnet til {p}.",
        " The probability that {told} is reached is calculated at {p}.",
    ),
    "residual_text": (
        " Restopgaven på {amount} i {year} er ikke regnet med: der ligger ingen beregning bag.",
        " The residual of {amount} in {year} is not counted: no calculation stands behind it.",
    ),
    "question_text": ("Spørgsmål: {}", "Question: {}"),
    "parts_text": ("Indsatsen består af: {}.", "The strategy consists of: {}."),
    "describe_text": (
        "[udfyldes: målgruppe, indhold og tidsplan]",
        "[to be filled in: target group, content and schedule]",
    ),
    "caseload_text": (
        "Sager pr. rådgiver: {before} uden indsatsen, {after} med (gennemsnit, {year}).",
        "Cases per caseworker: {before} without the strategy, {after} with it (mean, {year}).",
    ),
    "posts_text": ("{label}: {posts} årsværk.", "{label}: {posts} full-time posts."),
    "staff_text": (
        "[udfyldes: årsværk, faggrupper og ansættelser]",
        "[to be filled in: full-time posts, professions and hiring]",
    ),
    "children_text": (
        "Børnene, i alt {first}-{last} i forhold til ingen indsats (gennemsnit):"
        " anbringelsesmåneder {months}, skridt ned ad trappen {down}, sammenbrud {broken}. Ingen"
        " indsats ophører på grund af disse tal, og børns trivsel er ikke målt.",
        "The children, {first}-{last} in all compared with no strategy (mean): placement months"
        " {months}, moves down the staircase {down}, breakdowns {broken}. No measure ends because"
        " of these figures, and children's wellbeing is not measured.",
    ),
    "others_text": (
        "Andre kasser i {year} (gennemsnit, - er en mindreudgift): {amounts}.",
        "Other payers in {year} (mean, - is less spending): {amounts}.",
    ),
    "lines_text": (
        "Bag budgetlinjerne ligger ingen beregning af børn eller borgere. Det usikre er, hvor"
        " stor en del af den budgetterede besparelse der kommer, og hvor sent.",
        "No calculation of children or citizens stands behind the budget lines. Uncertain is how"
        " much of the budgeted saving comes true, and how late.",
    ),
    "derived_text": ("[udfyldes]", "[to be filled in]"),
    "and": ("og", "and"),
}


def say(key: str, lang: Language) -> str:
    """Return a word or sentence of the workbook in a language."""
    if key in _WORDS:
        return _WORDS[key][0 if lang == "da" else 1]
    from stepdown.workbook.words_of_sheets import WORDS_OF_SHEETS

    return WORDS_OF_SHEETS[key][0 if lang == "da" else 1]
