"""The words of the model: one meaning each, none missing, and the glossary that is made of them."""

from pathlib import Path
from typing import get_args

import pytest

from stepdown import vocabulary
from stepdown.scenario import load_scenario
from stepdown.scenario.kinds import MoveClass, StepKind

GLOSSARY_FILE = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def test_glossary_file_is_the_generated_one() -> None:
    # To renew it, write what glossary_markdown() returns to docs/glossary.md.
    assert GLOSSARY_FILE.read_text(encoding="utf-8") == vocabulary.glossary_markdown()


def test_every_code_has_one_meaning() -> None:
    codes = [term.code for _, terms in vocabulary.GLOSSARY for term in terms]
    assert len(codes) == len(set(codes))
    assert list(vocabulary.TERMS) == codes


@pytest.mark.parametrize("term", vocabulary.TERMS.values(), ids=vocabulary.TERMS)
def test_a_term_is_complete_and_fits_a_row(term: vocabulary.Term) -> None:
    assert term.code.isascii()
    assert term.code.isidentifier()
    assert term.code == term.code.lower()
    for text in (term.label_en, term.label_da, term.gloss, term.source):
        assert text == text.strip() != ""
        assert not {"|", "\n"} & set(text)
    assert term.gloss.endswith(".")


# A payer is called state too, so the kind of step has another code.
KINDS = ["kind_state" if kind == "state" else kind for kind in get_args(StepKind)]


@pytest.mark.parametrize("code", [*KINDS, *get_args(MoveClass)])
def test_every_kind_of_step_and_class_of_moves_has_a_word(code: str) -> None:
    assert code in vocabulary.TERMS


def test_every_payer_and_placement_of_the_shipped_staircase_has_a_word() -> None:
    scenario = load_scenario("hoersholm").scenario
    placements = {name for name, step in scenario.steps.items() if step.kind == "placement"}
    assert placements | set(scenario.payers) <= set(vocabulary.TERMS)


def test_axes_are_words_of_the_model_but_for_the_year() -> None:
    assert set(vocabulary.AXES) - {"year"} <= set(vocabulary.TERMS)
