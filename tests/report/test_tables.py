import re
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

from liaison_analysis.report.tables import as_table, header, kind, plain_value, vocabulary, word

ASSETS = files("liaison_analysis.report").joinpath("assets")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.int64(3), 3),
        (np.float64(0.123456), 0.1235),
        (float("inf"), None),
        (pd.NaT, None),
        (("E1", pd.NA), ["E1", None]),
        ("文", "文"),
    ],
)
def test_values_become_what_json_knows(value, plain):
    assert plain_value(value) == plain


def test_columns_that_a_frame_lacks_are_left_out():
    assert as_table(pd.DataFrame({"n": [1]}), ["name", "n"])["columns"] == ["n"]


def test_every_word_has_both_languages_and_the_same_fields():
    for key, (zh, en) in vocabulary()["words"].items():
        assert all([zh, en]), key
        assert set(re.findall(r"\{\d\}", zh)) == set(re.findall(r"\{\d\}", en)), key


def test_every_column_has_both_headers_and_a_known_kind():
    kinds = {
        "text", "number", "share", "score", "date", "month", "flag", "word", "enterprise", "enterprises",
        "demand", "long", "words", "counts", "column", "checks",
    }  # fmt: skip
    for column, described in vocabulary()["columns"].items():
        assert len(described) in {3, 5}, column
        assert described[2] in kinds, column


def test_every_word_that_the_scripts_ask_for_is_there():
    words = vocabulary()["words"]
    used = {
        key
        for path in ASSETS.iterdir()
        if path.name.endswith(".js")
        for key in re.findall(r'\bt\(\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert len(used) > 60
    assert used - set(words) == set()


def test_unknown_columns_and_words_stay_as_they_are():
    assert (header("own", "zh"), kind("own"), word("own", "zh")) == ("own", "text", "own")
