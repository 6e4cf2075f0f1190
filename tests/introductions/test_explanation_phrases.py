"""Sentences of explanations: both languages say the same, for every role and match."""

import re

import pytest

from liaison_analysis.introductions import explanation_phrases
from liaison_analysis.introductions.explanation_phrases import (
    ANSWERS,
    LISTED,
    OF_THE_KIND,
    PHRASES,
    TO_BE_TAKEN,
    WISHES,
)
from liaison_analysis.introductions.roles import MATCHES, ROLES

TABLES = [name for name in vars(explanation_phrases) if name.isupper()]


def keys_of(phrases):
    """Keys of nested phrases."""
    return {key: keys_of(phrases[key]) if isinstance(phrases[key], dict) else "" for key in phrases}


@pytest.mark.parametrize("table", TABLES)
def test_both_languages_have_the_same_phrases(table):
    phrases = getattr(explanation_phrases, table)
    assert set(phrases) == {"zh", "en"}
    if isinstance(phrases["zh"], dict):
        assert keys_of(phrases["zh"]) == keys_of(phrases["en"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_role_and_match_has_its_sentence(language):
    assert set(WISHES[language]) == set(LISTED[language]) == set(OF_THE_KIND[language]) == set(ROLES)
    # A named counterpart has a sentence of its own, and an offer of the ledger those of its role.
    assert set(ANSWERS[language]) == set(MATCHES) - {"named", ""}
    assert set(TO_BE_TAKEN[language]) < set(MATCHES)
    assert "named" in PHRASES[language]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_name_nothing_but_what_is_filled_in(language):
    answered = {word for text in ANSWERS[language].values() for word in re.findall(r"{(\w+)}", text)}
    assert answered == {"counterpart", "what", "does", "needed"}
    wished = {
        word for pair in WISHES[language].values() for text in pair for word in re.findall(r"{(\w+)}", text)
    }
    assert wished == {"seeker", "thing", "quote"}
