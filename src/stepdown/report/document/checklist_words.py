"""Topics of the checklists, in our own words.

Source of the items: Husereau et al., "Consolidated Health Economic Evaluation Reporting Standards
2022 (CHEERS 2022) statement", BMC Medicine 20 (2022), doi 10.1186/s12916-021-02204-0, table 1.
"""

__all__ = ["CHEERS_TOPICS", "SOEM_TOPICS"]

Both = tuple[str, str]

CHEERS_TOPICS: tuple[Both, ...] = (
    ("Titel", "Title"),
    ("Sammenfatning", "Summary"),
    ("Baggrund og formål", "Background and aims"),
    ("Analyseplan", "Analysis plan"),
    ("Målgruppe", "Population"),
    ("Sted og rammer", "Setting"),
    ("Hvad der sammenlignes", "What is compared"),
    ("Perspektiv", "Perspective"),
    ("Tidshorisont", "Time horizon"),
    ("Diskonteringsrente", "Discount rate"),
    ("Valg af udfald", "Choice of outcomes"),
    ("Måling af udfald", "Measurement of outcomes"),
    ("Værdisætning af udfald", "Valuation of outcomes"),
    ("Opgørelse af ressourcer og udgifter", "Resources and costs"),
    ("Valuta, prisniveau og omregning", "Currency, price level and conversion"),
    ("Modellen og hvorfor den er valgt", "The model and why"),
    ("Beregninger og antagelser", "Analysis and assumptions"),
    ("Forskelle mellem grupper", "Differences between groups"),
    ("Fordeling mellem grupper", "Distribution between groups"),
    ("Behandling af usikkerhed", "Treatment of uncertainty"),
    ("Inddragelse af berørte", "Involvement of those affected"),
    ("Modellens tal", "Parameters"),
    ("Hovedresultater", "Main results"),
    ("Usikkerhedens betydning", "Effect of uncertainty"),
    ("Inddragelsens betydning", "Effect of involvement"),
    ("Resultater, begrænsninger og overførbarhed", "Findings, limits and transfer"),
    ("Finansiering", "Funding"),
    ("Interessekonflikter", "Conflicts of interest"),
)
"""The 28 items in order."""

SOEM_TOPICS: dict[str, Both] = {
    "population": ("Målgruppe", "Target group"),
    "baseline": ("Basisalternativ", "Baseline"),
    "success": ("Effekt (succesrate)", "Effect (success rate)"),
    "costs": ("Indsatsens omkostninger", "Costs of the intervention"),
    "consequences": ("Økonomiske konsekvenser over tid", "Economic consequences over time"),
    "prices": ("Priser på konsekvenser", "Prices of consequences"),
    "payers": ("Fordeling på kommune, region og stat", "Split by municipality, region and state"),
    "horizon": ("Tidshorisont", "Time horizon"),
    "level": ("Prisniveau og fremskrivning", "Price level and indexation"),
    "result": ("Budgetøkonomisk nettoresultat", "Net result for public budgets"),
    "sensitivity": ("Følsomhed og usikkerhed", "Sensitivity and uncertainty"),
    "wellbeing": ("Progression og livskvalitet", "Progress and quality of life"),
    "follow_up": ("Opfølgning på beregningen", "Follow-up of the calculation"),
}
"""What the model of the Danish social agency asks its users to account for."""
