"""The map of themes: deterministic, labels do not overlap, rotated to match an earlier map."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from liaison_analysis.demands import DemandThemes, theme_map
from liaison_analysis.demands.maps import CHARACTER, HEIGHT, _labels, _turned


@pytest.fixture(scope="module")
def themes():
    texts = [
        "停车位不足",
        "园区停车难",
        "银行贷款慢",
        "贷款利率高",
        "变压器增容",
        "经常停电",
        "招不到焊工",
        "缺普工",
    ]
    return DemandThemes(taxonomy="parks").fit(
        [f"{text}{more}" for text in texts for more in ("", "怎么办", "请协调")]
    )


def test_every_theme_with_texts_has_a_place_and_the_farthest_is_one_away(themes):
    places = theme_map(themes)
    filled = themes.themes_[themes.themes_["size"].gt(0)]
    assert set(places["name"]) == set(filled["name"])
    assert np.hypot(places["x"], places["y"]).max() == pytest.approx(1, abs=1e-3)
    assert places["size"].is_monotonic_decreasing
    assert theme_map(themes).equals(places)


def test_no_two_labels_overlap():
    crowd = pd.DataFrame({"name": ["停车与充电", "融资", "上下游对接", "招工"] * 5, "x": 0.0, "y": 0.0})
    at = _labels(crowd)
    widths = crowd["name"].str.len() * CHARACTER
    for i, j in combinations(range(len(crowd)), 2):
        apart = np.abs(at[i] - at[j])
        assert apart[0] >= (widths[i] + widths[j]) / 2 - 1e-3 or apart[1] >= HEIGHT - 1e-3
    assert at[0].tolist() == [0, 0]


def test_a_map_is_turned_and_mirrored_to_the_earlier_one():
    former = pd.DataFrame({"name": list("abcd"), "x": [1.0, 0.0, -0.5, 0.2], "y": [0.0, 0.8, -0.3, 0.4]})
    mirrored = former.assign(x=-former["y"], y=-former["x"])
    assert _turned(mirrored, former) == pytest.approx(former[["x", "y"]].to_numpy(), abs=1e-3)
    few = mirrored.head(2)
    assert _turned(few, former) == pytest.approx(few[["x", "y"]].to_numpy())


def test_a_refit_keeps_its_places(themes):
    before = theme_map(themes)
    later = themes.refit([*themes.texts_, "充电桩太少", "贷款没有抵押物"])
    after = theme_map(later, before=before).set_index("name")[["x", "y"]]
    moved = after.loc[before["name"]].to_numpy() - before[["x", "y"]].to_numpy()
    assert np.hypot(*moved.T).max() < 0.3
