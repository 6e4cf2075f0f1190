"""Rates carry intervals and what is unknown; weights move only when there is something to learn from."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from liaison_analysis.introductions.explanations import WEIGHTS
from liaison_analysis.introductions.outcomes import SHARES, fit_outcomes, salon_funnel


def salons_of(rows):
    frame = pd.DataFrame(rows, columns=["salon_id", "counterpart_id", "met", "outcome"])
    return frame.assign(seeker_id="E0", held_on=pd.NaT)


def test_every_stage_counts_only_those_of_the_stage_before():
    salons = salons_of([
        ("S1", "a", True, "contract"), ("S1", "b", True, "sample"), ("S1", "c", True, "none"),
        ("S1", "d", False, "talks"), ("S2", "e", None, None), ("S2", "f", True, None),
    ])  # fmt: skip
    funnel = salon_funnel(salons).set_index("stage")
    assert funnel["n"].to_dict() == {"invited": 6, "came": 4, "met": 4, "talks": 2, "contract": 1}
    assert funnel["of"].to_dict() == {"invited": 6, "came": 5, "met": 4, "talks": 3, "contract": 2}
    assert funnel["unknown"].to_dict() == {"invited": 0, "came": 1, "met": 0, "talks": 1, "contract": 0}
    assert funnel.loc["talks", ["low", "high"]].round(3).tolist() == [0.208, 0.939]
    by = salon_funnel(salons, by="salon_id").set_index(["salon_id", "stage"])
    assert by.loc[("S2", "talks"), ["n", "of"]].tolist() == [0, 0]
    assert math.isnan(by.loc[("S2", "talks"), "rate"])


def test_guests_who_came_are_counted_apart_from_those_who_met():
    salons = salons_of([("S1", "a", True, None), ("S1", "b", False, None), ("S1", "c", False, None)])
    funnel = salon_funnel(salons, came=["a", "b"]).set_index("stage")
    assert funnel.loc[["invited", "came", "met"], "n"].tolist() == [3, 2, 1]


def test_a_funnel_needs_its_columns():
    with pytest.raises(ValueError, match=r"\['met'\] missing"):
        salon_funnel(salons_of([]).drop(columns="met"))


def history(n, *, strength, seed=0):
    """Introductions of random evidence of which only the seeker's own demand decides what they lead to."""
    rng = np.random.default_rng(seed)
    parts = rng.random((n, 3))
    weighted = parts * np.array(list(WEIGHTS.values()))
    score = weighted.sum(axis=1)
    pairs = pd.DataFrame(weighted / score[:, None], columns=SHARES).assign(
        seeker_id="E0", counterpart_id=[f"c{i}" for i in range(n)], score=score
    )
    led = rng.random(n) < 1 / (1 + np.exp(-strength * (parts[:, 1] - 0.5)))
    salons = salons_of([("S1", f"c{i}", True, "talks" if yes else "none") for i, yes in enumerate(led)])
    return salons, pairs


def test_with_too_few_outcomes_the_weights_stay_and_the_statement_says_so():
    fit = fit_outcomes(*history(50, strength=5))
    assert not fit.enough
    assert fit.weights["weight"].tolist() == list(WEIGHTS.values())
    assert "too few to learn from" in fit.statement
    assert fit.statement.startswith(f"50 outcomes, {fit.n_success} of which led on")


def test_with_many_outcomes_weight_goes_to_the_evidence_that_decided():
    fit = fit_outcomes(*history(2000, strength=6))
    assert fit.enough
    table = fit.weights.set_index("evidence")
    assert table["weight"].sum() == pytest.approx(1)
    assert table.loc["asked", "weight"] > 0.8
    assert table.loc["chain", "weight"] < 0.2 < WEIGHTS["chain"]
    assert (table["low"] <= table["weight"]).all()
    assert (table["weight"] <= table["high"]).all()


def test_pairs_without_outcome_or_evidence_are_left_out():
    salons, pairs = history(80, strength=1)
    salons.loc[:9, "outcome"] = None
    assert fit_outcomes(salons, pairs.iloc[:40]).n == 30
    assert fit_outcomes(salons.assign(met=salons.index >= 15), pairs.iloc[:40]).n == 25
    with pytest.raises(ValueError, match=r"introductions must have .*\['score'\] missing"):
        fit_outcomes(salons, pairs.drop(columns="score"))
