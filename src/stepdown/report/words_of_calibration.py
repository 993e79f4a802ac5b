"""The words of calibrations, in Danish and English; see `stepdown.report.words`."""

from stepdown.report.words import Language

__all__ = ["calibrated"]

_WORDS = {
    "settings": (
        "{populations} populationer på {particles} partikler, frø {seed}",
        "{populations} populations of {particles} particles, seed {seed}",
    ),
    "history": (
        "Kan modellen overhovedet ramme? Priorens forventning mod det observerede",
        "Can the model meet the targets at all? What the prior expects, and what was observed",
    ),
    "target": ("Mål", "Target"),
    "unit": ("Enhed", "Unit"),
    "observed": ("Observeret", "Observed"),
    "prior": ("Prior 10 / 50 / 90 %", "Prior 10 / 50 / 90%"),
    "posterior": ("Posterior 10 / 50 / 90 %", "Posterior 10 / 50 / 90%"),
    "nearest": ("Nærmeste afstand (sd)", "Nearest (sd)"),
    "share": ("Plausible træk", "Plausible draws"),
    "fits": (
        "Rammer posterioren målene? Modellens forventning mod det observerede",
        "Does the posterior meet the targets? What the model expects, and what was observed",
    ),
    "surprise": ("P(så langt ude igen)", "P(as far out again)"),
    "use": ("Brug", "Use"),
    "used": ("lært af", "learnt from"),
    "held_out": ("holdt ude", "held out"),
    "learnt": (
        "Hvad er der lært? Tal, hvis varians er mindst {least} % mindre end i prioren",
        "What was learnt? Numbers whose variance is at least {least}% below the prior's",
    ),
    "number": ("Tal", "Number"),
    "narrowed": ("Indsnævret", "Narrowed"),
    "unlearnt": (
        "Om {count} andre tal siger målene næsten intet: de har stadig deres prior.",
        "Of {count} other numbers the targets say next to nothing: they still have their prior.",
    ),
    "reliable": (
        "Populationerne er enige: R-hat højst {rhat}, effektive træk mindst {ess} (krav: højst"
        " {rhat_limit} og mindst {ess_limit}).",
        "The populations agree: R-hat at most {rhat}, effective draws at least {ess} (wanted: at"
        " most {rhat_limit} and at least {ess_limit}).",
    ),
    "unreliable": (
        "Advarsel: populationerne er ikke enige om {names} (R-hat højst {rhat_limit} og mindst"
        " {ess_limit} effektive træk kræves). Giv et større --particles.",
        "Warning: the populations do not agree on {names} (R-hat of at most {rhat_limit} and at"
        " least {ess_limit} effective draws are wanted). Give a larger --particles.",
    ),
    "conflict": (
        "Advarsel: målene modsiger hinanden, eller modellen kan ikke ramme dem samtidig: {names}."
        " De er ikke udlignet mod hinanden; hold et af dem ude med used = false, eller begrund en"
        " større usikkerhed.",
        "Warning: the targets contradict each other, or the model cannot meet them together:"
        " {names}. Hold one of them out with used = false, or give a reason for a larger spread.",
    ),
    "out_of_reach": (
        "Advarsel: ingen træk kommer i nærheden af disse mål, som er holdt ude: {names}. Er tallet"
        " og enheden rigtige?",
        "Warning: no draw comes near these targets, which are held out: {names}. Are the number and"
        " its unit right?",
    ),
    "back_cast": (
        "Bagudprøve: det, der kom til sidst, forudsagt ud fra det, man vidste tidligere",
        "Back-cast: what came last, predicted from what was known earlier",
    ),
    "predicted": ("Forudsagt 10 / 50 / 90 %", "Predicted 10 / 50 / 90%"),
    "left_out": (
        "Hvert mål forudsagt af de andre",
        "Each target predicted from the others",
    ),
    "distance": ("Afstand (sd)", "Distance (sd)"),
    "effective": ("Effektiv andel", "Effective share"),
    "left_out_note": (
        "Under {least} % effektive træk siger forudsigelsen lidt: målet afgør da selv meget af"
        " posterioren.",
        "Below {least}% effective draws the prediction says little: the target then decides much of"
        " the posterior by itself.",
    ),
    "resuming": (
        "Fortsætter, hvor kalibreringen slap ({})",
        "Going on where the calibration was left ({})",
    ),
    "damaged": (
        "{}: beskadiget eller fra en anden version; den del beregnes forfra.",
        "{}: damaged, or of another version; that part is computed anew.",
    ),
    "interrupted": (
        "Afbrudt. Det beregnede ligger i {}; samme kommando fortsætter derfra.",
        "Interrupted. What was computed is in {}; the same command goes on from there.",
    ),
}


def calibrated(key: str, lang: Language) -> str:
    """Return a word or sentence of calibrations in a language."""
    return _WORDS[key][0 if lang == "da" else 1]
