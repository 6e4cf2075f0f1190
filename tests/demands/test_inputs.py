"""Columns of texts, seeds and samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from liaison_analysis.demands.inputs import checked_seeds, column, sample
from liaison_analysis.demands.themes import DemandThemes


@pytest.mark.parametrize(
    "values",
    [
        ("停", None),
        pd.Series(["停", None]),
        np.array([["停"], [None]], dtype=object),
        pd.DataFrame({"t": ["停", None]}),
    ],
)
def test_a_column_of_any_kind_is_a_list(values):
    result = column(values)
    assert result[0] == "停"
    assert pd.isna(result[1])


@pytest.mark.parametrize(
    "values", ["停车", np.zeros((2, 2)), np.zeros((1, 1, 1)), pd.DataFrame({"a": [], "b": []})]
)
def test_what_is_no_column_is_refused(values):
    with pytest.raises(ValueError, match="expected"):
        column(values)


def test_seeds_are_a_mapping_or_a_table_and_one_phrase_may_stand_alone():
    table = pd.DataFrame({"theme": ["停车", "融资", "停车", None], "phrase": ["车位", "贷款", "道闸", "x"]})
    assert checked_seeds(DemandThemes(seeds=table)) == {"停车": ["车位", "道闸"], "融资": ["贷款"]}
    assert checked_seeds(DemandThemes(seeds={"停车": "车位"})) == {"停车": ["车位"]}
    assert checked_seeds(DemandThemes()) == {}


def test_a_sample_keeps_the_order_and_changes_with_the_seed():
    texts = [f"{i:03}" for i in range(200)]
    drawn = sample(texts, 20, 0)
    assert len(drawn) == 20
    assert drawn == sorted(drawn) == sample(texts, 20, 0)
    assert drawn != sample(texts, 20, 1)
    assert sample(texts, 200, 0) is texts
