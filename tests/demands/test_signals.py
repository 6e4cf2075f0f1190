"""Weak signals: few demands of several firms, most of them lately, with their texts."""

import pandas as pd
import pytest

from liaison_analysis.demands import DemandThemes, signals, weak_signals

TEXTS = [
    *(f"员工停车位不够，第{i}次反映" for i in range(16)),
    *(f"危废库满了没有单位来收，第{i}次反映" for i in range(4)),
    *(f"食堂饭菜又贵又差，第{i}次反映" for i in range(4)),
]
FIRMS = [f"E{i}" for i in range(24)]
# Parking is asked for all the time, waste lately, canteens early.
DATES = [*pd.date_range("2022-01-01", periods=16, freq="10D"), *["2022-06-01"] * 4, *["2022-01-15"] * 4]


@pytest.fixture(scope="module")
def themes():
    return DemandThemes(3).fit(TEXTS)


def test_only_what_is_few_late_and_of_several_firms_is_a_signal(themes):
    [signal] = weak_signals(themes, FIRMS, DATES).to_dict("records")
    assert [signal[name] for name in ("n", "firms", "first_half", "second_half")] == [4, 4, 0, 4]
    assert sorted(signal["texts"].split("\n")) == sorted(TEXTS[16:20])
    assert signal["example"] in TEXTS[16:20]
    assert signal["name"] == themes.themes_["name"][themes.labels_[16]]
    late = pd.Series(pd.to_datetime(DATES)).gt(pd.Series(pd.to_datetime(DATES)).quantile(0.5)).mean()
    assert signal["p"] == pytest.approx(late**4, abs=1e-6)


def test_one_firm_alone_gives_no_signal(themes):
    assert weak_signals(themes, [*FIRMS[:16], *["E1"] * 4, *FIRMS[20:]], DATES).empty


def test_texts_without_a_date_are_left_out(themes):
    assert weak_signals(themes, FIRMS, [None] * 24).empty
    dates = [*DATES[:16], None, None, *DATES[18:]]
    assert weak_signals(themes, FIRMS, dates).empty  # two firms are left


@pytest.mark.parametrize(
    ("firms", "dates", "wrong"), [(FIRMS[1:], DATES, "firm"), (FIRMS, DATES[1:], "date")]
)
def test_other_lengths_are_refused(themes, firms, dates, wrong):
    with pytest.raises(ValueError, match=f"expected a {wrong} for each of the 24 texts, got 23"):
        weak_signals(themes, firms, dates)


def test_only_the_newest_texts_are_compared_and_the_others_counted(themes, monkeypatch):
    assert weak_signals(themes, FIRMS, DATES).attrs == {"compared": 24, "left_out": 0}
    # The four late ones and those that came last before them.
    monkeypatch.setattr(signals, "_MOST_TEXTS", 6)
    found = weak_signals(themes, FIRMS, DATES)
    assert found.attrs == {"compared": 6, "left_out": 18}
    assert set("\n".join(found["texts"]).split("\n")) <= {*TEXTS[14:20], ""}
