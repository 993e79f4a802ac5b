"""The words of the sheets beside the forms, in Danish and English; see `words`."""

__all__ = ["WORDS_OF_SHEETS"]

WORDS_OF_SHEETS = {
    # names of sheets
    "sheet_overview": ("Oversigt", "Overview"),
    "sheet_base": ("Grundtal", "Base figures"),
    "sheet_quantiles": ("Usikkerhed", "Uncertainty"),
    "sheet_probabilities": ("Sandsynligheder", "Probabilities"),
    "sheet_children": ("Børn", "Children"),
    "sheet_charts": ("Diagrammer", "Charts"),
    "sheet_assumptions": ("Antagelser", "Assumptions"),
    "sheet_provenance": ("Grundlag", "Provenance"),
    "in_total": ("i alt", "total"),
    # overview
    "overview_title": ("{}: budgetskema og beregning", "{}: budget form and calculation"),
    "overview_lead": (
        "Beløb i 1.000 kr., {level}-priser; - er en budgetreduktion, + en budgettilførsel."
        " Gennemsnit over {runs} beregnede fremtider, kommunen med alle udvalg.",
        "Amounts in DKK thousand, {level} prices; - is a reduction, + an addition. Means over"
        " {runs} simulated futures, the municipality with all committees.",
    ),
    "strategy": ("Indsats", "Strategy"),
    "sum_saving": ("Brutto-\nbesparelse", "Gross\nsaving"),
    "sum_investment": ("Investering", "Investment"),
    "sum_other": ("Afledt", "Derived"),
    "sum_net": ("Netto", "Net"),
    "lasting_net": ("Netto\nvarigt", "Net,\nlasting"),
    "present_value": ("Netto,\nnutidsværdi", "Net,\npresent value"),
    "error": ("Simulations-\nusikkerhed", "Simulation\nerror"),
    "p_paid_back": ("Tjent hjem\nsenest {}", "Paid back\nby {}"),
    "deepest": ("Største samlede\nmerudgift", "Largest net\nspending in all"),
    "deepest_year": ("År", "Year"),
    "sums_over": ("Sum {}-{}", "Sum {}-{}"),
    "contents": ("Ark i projektmappen", "Sheets of this workbook"),
    "sheet": ("Ark", "Sheet"),
    "holds": ("Indhold", "Holds"),
    "holds_form": ("Budgetskema: {}", "Budget form: {}"),
    "holds_base": (
        "Alle linjer i hele kroner og øre, alle budgetår: skemaerne henter deres tal her",
        "Every line in unrounded kroner, all budget years: the forms take their figures here",
    ),
    "holds_quantiles": (
        "Gennemsnit og udfald ved 10, 20, 50 og 90 % år for år",
        "Means, and outcomes at 10, 20, 50 and 90 % by year",
    ),
    "holds_probabilities": (
        "Sandsynlighed for gevinst, for den offentliggjorte besparelse og for at være tjent hjem",
        "Probability of a gain, of the published saving, and of having paid back",
    ),
    "holds_children": (
        "Helårspersoner og bestand pr. 31. december efter indsats",
        "Full-year places and stock on 31 December by measure",
    ),
    "holds_charts": ("Diagrammer over de samme tal", "Charts of the same figures"),
    "holds_assumptions": (
        "Alle tal bag beregningen med kilde og grad; antagelser først",
        "Every figure behind the calculation with source and grade; assumptions first",
    ),
    "holds_provenance": (
        "Hvad der skal til for at gentage beregningen, og hvad den ikke dækker",
        "What it takes to repeat the calculation, and what it leaves out",
    ),
    "deficit_note": (
        "Største samlede merudgift: medianen af den akkumulerede budgetændring netto, når den er"
        " størst; tom, hvor den aldrig er over 0. Nutidsværdi: alle budgetår.",
        "Largest net spending in all: the median of the cumulative net change where it is largest;"
        " empty where it is never above 0. Present value: all budget years.",
    ),
    # base figures
    "base_title": ("Grundtal i kroner, {}-priser", "Base figures in kroner, {} prices"),
    "part": ("Del", "Part"),
    "part_saving": ("Bruttobesparelse", "Gross saving"),
    "part_investment": ("Investering", "Investment"),
    "part_other": ("Afledt ændring", "Derived change"),
    "payer": ("Udvalg eller kasse", "Committee or payer"),
    # uncertainty
    "quantiles_title": (
        "Usikkerhed i kroner, {}-priser. Gevinst er +, som i SØM (modsat fortegn af skemaerne)",
        "Uncertainty in kroner, {} prices. A gain is + (the forms have the opposite sign)",
    ),
    "quantiles_lead": (
        "I 10 % af de beregnede fremtider er tallet højst det, der står ved 10 %. 20 %: det, der"
        " nås i 8 af 10 fremtider. Udfald kan ikke lægges sammen på tværs af år eller udvalg.",
        "In 10 % of the simulated futures the figure is at most that at 10 %. 20 %: what is"
        " reached in 8 of 10 futures. Outcomes do not add up over years or committees.",
    ),
    "figure": ("Tal", "Figure"),
    "statistic": ("Størrelse", "Statistic"),
    "gross": ("Bruttobesparelse", "Gross saving"),
    "net": ("Nettobesparelse", "Net saving"),
    "net_cumulative": ("Akkumuleret nettobesparelse", "Cumulative net saving"),
    "mean": ("gennemsnit", "mean"),
    "error_of_mean": ("simulationsusikkerhed på gennemsnit", "simulation error of the mean"),
    "municipality_all": ("Kommunen i alt", "Municipality in total"),
    # probabilities
    "probabilities_title": ("Sandsynligheder", "Probabilities"),
    "probabilities_lead": (
        "P(gevinst): årets besparelse overstiger årets udgift. P(nås): besparelsen er mindst den"
        " offentliggjorte; den måler to verdener mod hinanden og kan aldrig ses i et regnskab."
        " P(budget holdt): udgiften holder sig inden for rammen; kræver et basisbudget i"
        " scenariet. Lav og høj er et 95 %-interval for simulationsusikkerheden.",
        "P(gain): the year's saving exceeds its spending. P(reached): the saving is at least the"
        " published one; it compares two worlds and can never be seen in an account. P(budget"
        " kept): spending stays within the frame; it needs a base budget in the scenario. Low and"
        " high are a 95 % interval of the simulation error.",
    ),
    "p_gain": ("P(gevinst)", "P(gain)"),
    "p_reached_short": ("P(nås): {}", "P(reached): {}"),
    "p_kept": ("P(budget holdt)", "P(budget kept)"),
    "p_payback": ("P(tjent hjem senest i året)", "P(paid back by the year)"),
    "budgeted": ("Offentliggjort, kr.", "Published, DKK"),
    "year": ("År", "Year"),
    "probability": ("Sandsynlighed", "Probability"),
    "low": ("Lav", "Low"),
    "high": ("Høj", "High"),
    "lines_in_all": ("budgetlinjer i alt", "budget lines in all"),
    # children
    "children_title": ("Børn efter indsats", "Children by measure"),
    "children_lead": (
        "Statistik over beregnede fremtider, ikke optællinger: små tal siger intet om noget"
        " virkeligt barn.",
        "Statistics of simulated futures, not counts: small numbers say nothing of any real child.",
    ),
    "measure": ("Indsatstype", "Measure"),
    "volume": ("Mængde", "Volume"),
    "full_year_places": ("Helårspersoner", "Full-year places"),
    "stock": ("Bestand 31. december", "Stock on 31 December"),
    "all_placements": ("Anbragte i alt", "All placements"),
    "no_children": (
        "Scenariet består af budgetlinjer alene: der er ingen børn i beregningen.",
        "The scenario has budget lines alone: there are no children in the calculation.",
    ),
    # charts
    "chart_cumulative": (
        "{}: akkumuleret nettobesparelse, mio. kr.",
        "{}: cumulative net saving, DKK million",
    ),
    "chart_gross": ("{}: bruttobesparelse, mio. kr.", "{}: gross saving, DKK million"),
    "chart_p10": ("10 % (dårligt udfald)", "10 % (bad outcome)"),
    "chart_p50": ("50 % (median)", "50 % (median)"),
    "chart_p90": ("90 % (godt udfald)", "90 % (good outcome)"),
    "chart_mean": ("beregnet, gennemsnit", "calculated, mean"),
    "chart_data": ("Diagramdata (kr.)", "Data of the charts (DKK)"),
    # assumptions
    "assumptions_title": (
        "Tal bag beregningen: {n} i alt, {assumed} bygger på en antagelse",
        "Figures behind the calculation: {n} in all, {assumed} rest on an assumption",
    ),
    "assumptions_lead": (
        "Begrundelser, nøgler og enheder står på engelsk, som i scenariefilen. Antal virkelige børn"
        " under 5 vises som <5.",
        "Numbers of real children below 5 are shown as <5.",
    ),
    "key": ("Nøgle i scenariet", "Key in the scenario"),
    "value": ("Værdi", "Value"),
    "unit": ("Enhed", "Unit"),
    "price_year": ("Prisår", "Price year"),
    "is_assumed": ("Antagelse?", "Assumption?"),
    "yes": ("ja", "yes"),
    "no": ("nej", "no"),
    "assumption": ("Begrundelse for antagelsen", "Why it is assumed"),
    "grade": ("Grad", "Grade"),
    "source": ("Kilde", "Source"),
    "beyond_reach": ("uden for rækkevidde", "beyond reach"),
    "shape_low": ("lav", "low"),
    "shape_mode": ("mest sandsynlig", "mode"),
    "shape_median": ("median", "median"),
    "shape_mean": ("middel", "mean"),
    "shape_high": ("høj", "high"),
    "shape_sd": ("spredning", "sd"),
    "distribution_triangular": ("trekant", "triangular"),
    "distribution_uniform": ("jævn", "uniform"),
    "distribution_lognormal": ("lognormal", "lognormal"),
    "distribution_normal": ("normal", "normal"),
    "distribution_gamma": ("gamma", "gamma"),
    "distribution_beta": ("beta", "beta"),
    "distribution_posterior": ("lært fordeling", "posterior"),
    "grade_evaluation": ("evaluering", "evaluation"),
    "grade_register": ("register", "register"),
    "grade_tariff": ("takst", "tariff"),
    "grade_expert": ("sagkyndigt skøn", "expert"),
    "grade_assumption": ("antagelse", "assumption"),
    # provenance
    "provenance_title": ("Grundlag for beregningen", "Provenance of the calculation"),
    "scenario": ("Scenarie", "Scenario"),
    "question": ("Spørgsmål", "Question"),
    "law": ("Lovgrundlag", "Law"),
    "price_level": ("Prisniveau", "Price level"),
    "years_calculated": ("Budgetår i beregningen", "Budget years calculated"),
    "draws": ("Sæt antagelser", "Draws (sets of assumptions)"),
    "replicates": ("Gentagelser af hvert", "Replicates of each"),
    "seed": ("Frø", "Seed"),
    "design": ("Udtræk", "Design"),
    "files": ("Scenariefiler", "Scenario files"),
    "sha256": ("Scenariets sha256", "Scenario's sha256"),
    "versions": ("Versioner", "Versions"),
    "again": ("Gentag beregningen", "Repeat the calculation"),
    "sources_used": ("Kilder i alt", "Sources in all"),
    "limits": ("Forbehold", "Caveats"),
    "limit_budgets": (
        "Beregningen er til budgetter, aldrig til afgørelser om et barn.",
        "The calculation is for budgets, never for decisions about a child.",
    ),
    "limit_calibrated": (
        "Modellen er ikke kalibreret efter kommunens egne data, medmindre scenariet siger det.",
        "The model is not calibrated to the municipality's own data unless the scenario says so.",
    ),
    "limit_refusion": (
        "Søskende regnes hver for sig, så statsrefusionen er undervurderet.",
        "Siblings count apart, so state reimbursement is understated.",
    ),
    "limit_functions": (
        "Fordeling på funktioner følger trinnenes funktion i scenariet. Forskelle mellem børns"
        " priser kan ikke fordeles og står for sig.",
        "Savings follow the account function of each step in the scenario. Price differences"
        " between children cannot be allocated and stand by themselves.",
    ),
    "limit_welfare": (
        "Budgetøkonomi, ikke velfærdsøkonomi: trivsel er ikke gjort op i kroner.",
        "Budget economics, not welfare economics: wellbeing is not valued in kroner.",
    ),
    "limit_lines": (
        "Budgetlinjer er oplæggets egne beløb; beregningen siger kun noget om, hvor meget der"
        " kommer, og hvornår.",
        "Budget lines are the proposal's own amounts; the calculation only says how much of them"
        " comes true, and when.",
    ),
}
