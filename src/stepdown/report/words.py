"""The words of reports, in Danish and English, and numbers as each language writes them."""

import math
from typing import Literal

from stepdown.report.probability import in_hundred
from stepdown.report.words_of_doubts import WORDS_OF_DOUBTS
from stepdown.report.words_of_means import WORDS_OF_MEANS

__all__ = ["Language", "change", "kroner", "millions", "number", "percent", "thousands", "word"]

Language = Literal["da", "en"]

_WORDS = {
    "year": ("År", "Year"),
    "short_spending": ("Udgift", "Spending"),
    "short_grant": ("Tilskud", "Grant"),
    "short_gross": ("Brutto", "Gross"),
    "short_net": ("Netto", "Net"),
    "spending": ("Udgifter til strategien", "Spending on the strategy"),
    "grant": ("Tilskud til kommunen", "Grants to the municipality"),
    "municipal_investment": ("Kommunens investering", "Municipal investment"),
    "gross_saving": ("Besparelse på indsatser", "Saving on measures"),
    "casework": ("Rådgivere, fordi sagstallet ændres", "Caseworkers, since cases change"),
    "net_saving": ("Kommunens nettobesparelse", "Municipality's net saving"),
    "p_positive": ("P(gevinst)", "P(gain)"),
    "p_reached": ("P(nås)", "P(reached)"),
    "p_kept": ("P(budget holdt)", "P(budget kept)"),
    "no_promise": ("intet lovet", "no saving promised"),
    "mean": ("gennemsnit", "mean"),
    "median": ("median", "median"),
    "thousands": ("1.000 kr.", "DKK thousand"),
    "prices": ("{}-priser", "{} prices"),
    "residual": ("restopgave", "residual"),
    "present_value": ("Nutidsværdi af nettobesparelsen", "Present value of the net saving"),
    "error": ("simulationsusikkerhed", "simulation error"),
    "payback": ("Tilbagebetalt", "Paid back"),
    "payback_never": ("ikke inden {}: {}", "not by {}: {}"),
    "payback_by": ("senest {}: {}", "by {}: {}"),
    "no_deficit": (
        "Ingen samlet merudgift undervejs i 9 af 10 fremtider",
        "No loss in all on the way in 9 of 10 futures",
    ),
    "deepest": (
        "Laveste samlede nettoresultat (puklen), ved udgangen af {}",
        "Lowest net result in all, at the end of {}",
    ),
    "luck": (
        "Tilfældighedens andel af usikkerheden i {}",
        "Share of pure chance in the uncertainty of {}",
    ),
    "interval": ("95 %-interval {} til {}", "95% interval {} to {}"),
    "spread": (
        "Tilfældighedens spredning i besparelsen på indsatser (standardafvigelse)",
        "Spread of the saving on measures over pure chance (standard deviation)",
    ),
    "spread_of_value": ("nutidsværdi", "present value"),
    "spread_pair": (
        "{shared} når barnet lever samme liv i begge verdener, {independent} ved uafhængige liv",
        "{shared} with the same lives in both worlds, {independent} with independent lives",
    ),
    "imprecise": (
        "Advarsel: simulationsusikkerheden er {error} efter {draws} sæt antagelser, ikke {wanted}"
        " som ønsket. Giv et større --max-draws",
        "Warning: the simulation error is {error} after {draws} draws, not {wanted} as asked for."
        " Give a larger --max-draws",
    ),
    "adult_life": (
        "Voksenlivet bagefter, ændring i udgift i alt {first}-{last} (antagelser; ikke med i nogen "
        "besparelse)",
        "Adult life afterwards, change in spending {first}-{last} in all (assumptions; part of no "
        "saving)",
    ),
    "places_line": (
        "Pladser, {step}, pr. år: {requests} anmodninger, {displaced} sendt videre, {made_to_wait} "
        "måtte vente, {waiting_months} ventemåneder (uden strategien: {requests_without} "
        "anmodninger, {displaced_without} sendt videre, {made_to_wait_without} måtte vente, "
        "{waiting_months_without} ventemåneder)",
        "Places, {step}, a year: {requests} requests, {displaced} sent on, {made_to_wait} had to "
        "wait, {waiting_months} months waited (without the strategy: {requests_without} requests, "
        "{displaced_without} sent on, {made_to_wait_without} had to wait, "
        "{waiting_months_without} months waited)",
    ),
    "places": (
        "Ændring i helårsanbringelser i {}",
        "Change in full-year placements in {}",
    ),
    "months_avoided": ("Anbringelsesmåneder undgået", "Placement months avoided"),
    "moves_down": ("Flere skridt ned ad trappen", "More moves down the staircase"),
    "breakdowns": ("Færre sammenbrud", "Fewer breakdowns"),
    "family_like": (
        "Andel i plejefamilie, slægt eller netværk",
        "Share in foster or kinship care",
    ),
    "against": ("mod {} uden", "against {} without"),
    "cumulative": ("Akkumuleret nettobesparelse", "Cumulative net saving"),
    "million": ("mio. kr.", "DKK million"),
    "fan_80": ("8 af 10 fremtider", "8 of 10 futures"),
    "fan_50": ("5 af 10 fremtider", "5 of 10 futures"),
    "runs": (
        "{draws} sæt antagelser, {replicates} gentagelser af hvert, frø {seed}",
        "{draws} draws, {replicates} replicates of each, seed {seed}",
    ),
    "caseload_by_year": ("Sager pr. rådgiver", "Cases per caseworker"),
    "follow_up_by_year": ("Måneder mellem opfølgninger", "Months between follow-ups"),
    "free_lever": (
        "{} ændrer sagstal eller opfølgning, men koster ingenting. Mangler investeringen?",
        "{} changes caseload or follow-up and costs nothing. Is the investment missing?",
    ),
    "many_cases": (
        "Advarsel: {cases} sager svarer til {share} af de 0-17-årige. Over {limit} er usædvanligt:"
        " er det børn eller familier, og hvilke sager tælles med?",
        "Warning: {cases} cases are {share} of the children aged 0-17. More than {limit} is"
        " unusual: are they children or families, and which cases are counted?",
    ),
    "misfit": (
        "Advarsel: modellens rater svarer til {expected} børn på trinnet {step}, filen har"
        " {wanted}",
        "Warning: on {step} the rates give {expected} children on average, the file has {wanted}",
    ),
    "over_bound": (
        "I {} sæt antagelser var en effekt større end sin grænse, som derfor blev fordoblet",
        "In {} draws an effect exceeded its stated bound, which was doubled",
    ),
    "reading": (
        "Udgift til strategien, tilskud, bruttobesparelse på indsatser og kommunens"
        " nettobesparelse år for år. Positive besparelser er en gevinst. I 10 % af de beregnede"
        " fremtider er tallet højst det første, i 50 % højst det midterste, i 90 % højst det"
        " sidste."
        " P(gevinst): sandsynligheden for at årets besparelse overstiger årets udgift. P(nås):"
        " sandsynligheden for at besparelsen på indsatser er mindst den, der er offentliggjort.",
        "Spending, grant, gross saving on measures and the municipality's net saving, each year."
        " Positive savings are a gain. In 10 % of the simulated futures the figure is at most the"
        " first, in 50 % at most the middle one, in 90 % at most the last. P(gain): the probability"
        " that a year's saving exceeds its spending. P(reached): the probability that the saving on"
        " measures is at least the published one.",
    ),
    "reading_lines": (
        "Udgift til strategien, tilskud, bruttobesparelse og kommunens nettobesparelse år for år."
        " Positive besparelser er en gevinst. Bag budgetlinjerne ligger ingen beregning af børn"
        " eller borgere: det usikre er, hvor stor en del af den budgetterede besparelse der"
        " realiseres, og hvor sent. I 10 % af de beregnede fremtider er tallet højst det første,"
        " i 50 % højst det midterste, i 90 % højst det sidste. P(gevinst): sandsynligheden for at"
        " årets besparelse overstiger årets udgift. P(nås): sandsynligheden for at besparelsen er"
        " mindst den budgetterede.",
        "Spending, grant, gross saving and the municipality's net saving, each year. Positive"
        " savings are a gain. No calculation of children or citizens stands behind budget lines:"
        " uncertain is how much of the budgeted saving comes true, and how late. In 10 % of the"
        " simulated futures the figure is at most the first, in 50 % at most the middle one, in"
        " 90 % at most the last. P(gain): the probability that a year's saving exceeds its"
        " spending. P(reached): the probability that the saving is at least the budgeted one.",
    ),
    "short_residual": ("Restopgave", "Residual"),
    "residual_note": (
        "Restopgaven er det, der mangler at blive fundet. Der ligger ingen beregning bag tallet,"
        " så det indgår ikke i de beregnede besparelser, og der gives ingen sandsynlighed for det.",
        "The residual is what is left to find. No calculation stands behind the figure, so it is"
        " in no calculated saving, and no probability is given for it.",
    ),
    "lines": ("Budgetlinjer", "Budget lines"),
    "lines_cells": (
        "Budgetteret / median af det realiserede, i parentes P(nås)",
        "Budgeted / median of what comes true, in brackets P(reached)",
    ),
    "line": ("Budgetlinje", "Budget line"),
    "kind": ("Art", "Kind"),
    "estimate": ("skøn", "estimate"),
    "target": ("måltal", "target"),
    "by_committee": ("Budgetændring pr. udvalg", "Budget change by committee"),
    "form_sign": (
        "- budgetreduktion, + budgettilførsel",
        "- reduction, + addition",
    ),
    "investment_row": ("Investering", "Investment"),
    "published_saving_row": ("Bruttobesparelse, budgetteret", "Gross saving, budgeted"),
    "residual_row": (
        "Restopgave (ingen beregning bag tallet)",
        "Residual (no calculation behind it)",
    ),
    "published_change_row": ("Budgetændring, budgetteret", "Budget change, budgeted"),
    "calculated_saving": ("Bruttobesparelse, beregnet", "Gross saving, calculated"),
    "calculated_change": ("Budgetændring, beregnet", "Budget change, calculated"),
    "savings_row": ("Bruttobesparelse", "Gross saving"),
    "baseline_cost": (
        "Uden strategien koster støtte og anbringelser i {year}: 10 % {low}, 50 % {middle}, "
        "90 % {high}",
        "Without the investment, measures cost in {year}: 10 % {low}, 50 % {middle}, 90 % {high}",
    ),
    "net_row": ("Kommunens nettoudgift", "Municipality's net spending"),
    "measures_row": ("Ændring i udgifter til indsatser", "Change in spending on measures"),
    "good": ("godt udfald, 90 %", "good outcome, 90 %"),
    "bad": ("dårligt udfald, 10 %", "bad outcome, 10 %"),
    "sign": ("+ udgift, - mindreudgift", "+ spending, - reduction"),
    "casework_note": (
        "Nettobesparelsen regner også med rådgivere, fordi sagstallet ændres.",
        "The net saving also counts caseworkers, since the number of cases changes.",
    ),
    "earlier_run": (
        "{} i mappen er lavet af en tidligere kørsel og passer ikke til denne",
        "{} in the folder is made from an earlier run, and does not belong to this one",
    ),
    "written": ("Skrevet: {}", "Written: {}"),
    "compiling": (
        "Modellen oversættes til denne computer: kun første gang, op til et minut.",
        "Compiling the model for this computer: the first time only, up to a minute.",
    ),
    "compiling_all": (
        "Modellen oversættes til denne computer: op til et par minutter.",
        "Compiling the model for this computer: up to a few minutes.",
    ),
    "compiled_unkept": (
        "den oversatte kode kan ikke gemmes, for mappen kan ikke skrives. Sæt NUMBA_CACHE_DIR til "
        "en mappe, der kan.",
        "compiled code cannot be kept, since its folder cannot be written to. Set NUMBA_CACHE_DIR "
        "to a folder that can.",
    ),
    "compiling_unkept": (
        "Modellen oversættes, op til et minut. Koden kan ikke gemmes, så det sker hver gang: sæt "
        "NUMBA_CACHE_DIR til en mappe, der kan skrives.",
        "Compiling the model, up to a minute. The code cannot be kept, so every run compiles: set "
        "NUMBA_CACHE_DIR to a folder that can be written to.",
    ),
    "compiled": ("Oversat på {seconds} s: {parts}.", "Compiled in {seconds} s: {parts}."),
    "compiled_already": ("Alt er allerede oversat.", "Everything is compiled already."),
    "compiled_where": (
        "Den oversatte kode fylder {size} MB og ligger i {folder}",
        "The compiled code takes {size} MB, in {folder}",
    ),
    "part_inflow": ("tilgang", "inflow"),
    "part_growth": ("voksende tilgang", "growing inflow"),
    "part_apart": ("børn hver for sig", "children one by one"),
    "part_together": (
        "børn, der deler pladser eller rådgivere",
        "children who share places or caseworkers",
    ),
    "children": (
        "Hvad der sker for børnene, i alt {}-{}",
        "What happens to the children, {}-{} in all",
    ),
    "strategy": ("Strategi", "Strategy"),
    "row": ("Række", "Row"),
    "unit": ("Enhed", "Unit"),
    "figure_title": (
        "{title}. Hvornår tjener investeringen sig hjem?",
        "{title}. When does the investment pay back?",
    ),
    "before_savings": (
        "{}, før besparelser er regnet med",
        "{} before any calculated saving",
    ),
    "total": ("i alt", "in total"),
    "break_even": (
        "Balancepunkt: effekten skal være {factor} gange så stærk som ventet"
        " (på logaritmisk skala), før nutidsværdien over"
        " budgetårene når 0",
        "Break-even: the effect must be {factor} times as strong as expected (on a"
        " logarithmic scale) for the present value over the"
        " budget years to reach 0",
    ),
    "break_even_none": (
        "Balancepunkt: selv 64 gange medianeffekten tjener ikke investeringen hjem inden for"
        " budgetårene",
        "Break-even: even 64 times the median effect does not pay within the budget years",
    ),
    "break_even_stopped": (
        "Balancepunkt: op til {factor} gange medianeffekten tjener investeringen sig ikke hjem"
        " inden for budgetårene, og en stærkere effekt kan modellen ikke regne på",
        "Break-even: up to {factor} times the median effect does not pay within the budget years,"
        " and a stronger effect is more than the model can follow",
    ),
    "follow_up_elasticity": ("elasticitet for opfølgning {}", "elasticity of follow-up {}"),
    "elasticity": ("elasticitet {}", "elasticity {}"),
    "accounts": (
        "Beregnet basis mod regnskabet {}",
        "The calculated baseline against the accounts of {}",
    ),
    "account": ("Funktion", "Function"),
    "spent": ("Regnskab", "Accounts"),
    "expected": ("Beregnet", "Calculated"),
    "full_year": ("Helårspersoner", "Full-year places"),
    "average_price": ("Pris pr. år", "Price per year"),
    "exogenous": ("ikke beregnet", "not calculated"),
    "difference": ("Forskel", "Difference"),
    "three_totals": ("Tre totaler, gennemsnit", "Three totals, mean"),
    "service_without": ("Serviceudgift uden", "Service expenditure without"),
    "with": ("med", "with"),
    "service_change": ("ændring", "change"),
    "municipality_change": ("Kommunen netto, ændring", "Municipality net, change"),
    "public_change": ("Alle offentlige kasser, ændring", "All public payers, change"),
    "service_note": (
        "Serviceudgift: kommunens udgift på området før tilskud og refusion. Kommunen netto: efter"
        " tilskud og refusion.",
        "Service expenditure: the municipality's spending in the area before grants and"
        " reimbursement. Municipality net: after grants and reimbursement.",
    ),
    "service_row_without": (
        "Serviceudgift før tilskud og refusion, uden strategien",
        "Service expenditure before grants and reimbursement, without the strategy",
    ),
    "service_row_with": (
        "Serviceudgift før tilskud og refusion, med strategien",
        "Service expenditure before grants and reimbursement, with the strategy",
    ),
    "service_row_change": (
        "Serviceudgift før tilskud og refusion, ændring",
        "Service expenditure before grants and reimbursement, change",
    ),
    "public_row": (
        "Alle offentlige kasser under ét, nettoudgift",
        "All public payers together, net spending",
    ),
    "refusion_row": (
        "Ændring i statens refusion for særligt dyre enkeltsager",
        "Change in state reimbursement for especially costly cases",
    ),
    "refusion_note": (
        "Statens refusion for særligt dyre enkeltsager er beregnet barn for barn. Søskende i samme"
        " husstand regnes hver for sig, så refusionen er undervurderet, og kommunens besparelse på"
        " dyre pladser er overvurderet.",
        "State reimbursement for especially costly cases is calculated child by child. Siblings of"
        " one household count apart, so it is understated, and the municipality's saving on dear"
        " places is overstated.",
    ),
    "stranded_row": (
        "Tomme pladser i opsigelsesperioden",
        "Emptied places under notice",
    ),
    "reinvested_row": (
        "Heraf geninvesteres (frigjorte midler)",
        "Of which reinvested (resources freed)",
    ),
    "reduction_row": (
        "Heraf mulig budgetreduktion",
        "Of which possible budget reduction",
    ),
    "reinvested_note": (
        "Af besparelsen på indsatser i {year}, gennemsnitligt {gross}, geninvesteres {again} (kun i"
        " fremtider med en besparelse), og budgettet ændres med {rest} ({sign})."
        " Nettobesparelsen viser de frigjorte midler og er den samme, uanset om pengene"
        " geninvesteres eller spares.",
        "Of the saving on measures in {year}, {gross} on average, {again} is reinvested (only in"
        " futures with a saving), and the budget changes by {rest} ({sign}). Net saving shows the"
        " resources freed, and is the same whether the money is spent again or kept.",
    ),
    "steps": (
        "Børn efter indsats i {}: helårspersoner og bestand den 31. december",
        "Children by measure in {}: full-year places and stock on 31 December",
    ),
    "step": ("Indsats", "Measure"),
    "places_without": ("Helårspersoner uden", "Full-year places without"),
    "stock_without": ("Bestand uden", "Stock without"),
    "all_placements": ("Anbragte i alt", "All placements"),
    "measure": ("Mængde", "Volume"),
    "statistic": ("Størrelse", "Statistic"),
    "places_row": ("Helårspersoner", "Full-year places"),
    "stock_row": ("Bestand den 31. december", "Stock on 31 December"),
    "no_personal_data": (
        "Antal børn er gennemsnit over beregnede fremtider, ikke optællinger: små tal siger intet"
        " om noget virkeligt barn.",
        "Numbers of children are averages over simulated futures, not counts: small numbers say"
        " nothing of any real child.",
    ),
    "whose_money": (
        "Scenariet har ingen betaler, der hedder municipality: hvor der står kommunen, menes {}.",
        "The scenario has no payer called municipality: the municipality here means {}.",
    ),
    "whose_unit": ("; kommunen er her {}", "; the municipality here is {}"),
    "stock_at": ("Anbragte ultimo {}", "Placed at the end of {}"),
}


def word(key: str, lang: Language) -> str:
    """Return a word or sentence in a language."""
    words = _WORDS.get(key) or WORDS_OF_MEANS.get(key) or WORDS_OF_DOUBTS[key]
    return words[0 if lang == "da" else 1]


def number(value: float, lang: Language, decimals: int = 0) -> str:
    """Return a number as the language writes it: 1.234,5 or 1,234.5."""
    if not math.isfinite(value):
        return "-"
    text = f"{value:,.{decimals}f}"
    if set(text) <= set("-0.,"):
        text = text.removeprefix("-")
    if lang == "en":
        return text
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def kroner(value: float, lang: Language) -> str:
    """Return an amount in whole kroner."""
    return f"{number(value, lang)} kr." if lang == "da" else f"DKK {number(value, lang)}"


def millions(value: float, lang: Language) -> str:
    """Return an amount in millions of kroner with two decimals."""
    return f"{number(value / 1e6, lang, 2)} {word('million', lang)}"


def thousands(value: float, lang: Language) -> str:
    """Return an amount in thousands of kroner, without the unit."""
    return number(value / 1000, lang)


def percent(share: float, lang: Language) -> str:
    """Return a share as whole per cent; "<" and ">" where none or all would not be so."""
    if not math.isfinite(share):
        return "-"
    rounded = in_hundred(share)
    sign = {"under": "<", "over": ">", None: ""}[rounded.bound]
    return f"{sign}{number(rounded.n, lang)}{' %' if lang == 'da' else '%'}"


def change(share: float, lang: Language) -> str:
    """Return a relative change in per cent, with its sign and one decimal."""
    sign = "+" if round(share, 3) > 0 else ""
    return f"{sign}{number(share * 100, lang, 1)}{' %' if lang == 'da' else '%'}"
