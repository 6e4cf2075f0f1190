import pandas as pd
import pytest

from liaison_analysis.introductions.match_probability import FEATURES, FLOOR, WEIGHTS_OF_FEATURES, probability


def chance(role, **features):
    columns = FEATURES["customer" if role == "customer" else "other"]
    return probability(pd.DataFrame([dict.fromkeys(columns, 0.0) | features]), role).item()


def test_every_feature_has_a_weight_and_what_speaks_against_lowers_the_probability():
    assert {kind: set(weights) for kind, weights in WEIGHTS_OF_FEATURES.items()} == {
        kind: set(names) for kind, names in FEATURES.items()
    }
    for role in ("customer", "supplier"):
        assert chance(role, deals=1.0) < chance(role) < chance(role, meaning=1.0)


def test_whom_the_demand_describes_or_names_is_proposed_whatever_else_is_known():
    assert chance("customer") < min(FLOOR.values())
    assert chance("customer", target=1.0) == pytest.approx(1 - (1 - 0.004967) * 0.7, abs=1e-4)
    assert chance("supplier", named=0.5) > 0.3
