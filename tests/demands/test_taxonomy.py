"""The packaged taxonomy, taxonomies of one's own, and what fits none of their themes."""

import numpy as np
import pandas as pd
import pytest
from helpers.theme_texts import TEXTS

from liaison_analysis.demands import fitting
from liaison_analysis.demands.representation import ThemeSpace
from liaison_analysis.demands.taxonomy import (
    FITS,
    TaxonomyModel,
    TaxonomyScorer,
    checked_taxonomy,
    model_of,
    packaged_model,
    park_taxonomy,
    taxonomy_examples,
)
from liaison_analysis.demands.themes import DemandThemes

OWN = pd.DataFrame(
    [
        *(("停车", "没有停车位"), ("停车", "车位太少"), ("融资", "银行贷款"), ("融资", "贷款利率高")),
        *((" 入学 ", "孩子上学"), ("入学", "幼儿园学位"), (None, "空"), ("空", None), ("融资", "银行贷款")),
    ],
    columns=["theme", "phrase"],
)

# Worded differently from the taxonomy: theme, text.
UNSEEN = [
    ("停车与充电", "骑电瓶车来的工人没处充电，开车来的没处停"),
    ("公共交通", "下夜班回城没有车坐"),
    ("用电用水用气", "一周里断了两次电，炉子里的料都报废了"),
    ("融资", "想跟银行再借五百万周转"),
    ("招工", "电焊工走了好几个，急着补人"),
    ("子女入学", "技术骨干的小孩转学过来插不进班"),
    ("税费", "留抵的税款退得太慢"),
    ("知识产权", "外地有厂冒用我们的商标"),
    ("检测与技术", "样品要送外省做型式试验，排队两个月"),
    ("手续与审批", "施工许可卡在窗口，材料补了三回"),
]


def test_every_theme_has_fifteen_to_forty_phrases_of_its_own():
    taxonomy = park_taxonomy()
    assert taxonomy.groupby("theme").size().between(15, 40).all()
    assert 20 <= taxonomy["theme"].nunique() <= 28
    assert taxonomy["phrase"].is_unique
    assert checked_taxonomy(taxonomy).equals(taxonomy)


def test_learning_again_gives_the_packaged_weights():
    packaged = packaged_model()
    # From there the fit has hardly a step to make; from elsewhere it ends there too, as the next test shows.
    again = TaxonomyModel.learn(park_taxonomy(), start=packaged)
    assert again.words.words == packaged.words.words
    assert again.words.weights == pytest.approx(packaged.words.weights, abs=1e-3)
    assert again.of_dense == pytest.approx(packaged.of_dense, abs=1e-3)
    texts = [text for _, text in UNSEEN]
    assert packaged.probabilities(texts) == pytest.approx(again.probabilities(texts), abs=2e-3)


def test_a_fit_ends_at_the_same_weights_wherever_it_starts():
    own = checked_taxonomy(OWN)
    changed = own.assign(theme=own["theme"].to_numpy()[[2, 1, 0, 3, 4, 5]])
    texts = own["phrase"].tolist()
    before, after = (TaxonomyModel.learn(table) for table in (own, changed))
    again = TaxonomyModel.learn(changed, start=before)
    assert again.words.words == before.words.words
    assert again.probabilities(texts) == pytest.approx(after.probabilities(texts), abs=1e-3)
    assert abs(after.probabilities(texts) - before.probabilities(texts)).max() > 0.1


def test_texts_in_other_words_find_their_theme():
    themes = park_taxonomy()["theme"].unique()
    probabilities = packaged_model().probabilities([text for _, text in UNSEEN])
    assert themes[probabilities.argmax(axis=1)].tolist() == [theme for theme, _ in UNSEEN]
    assert probabilities.sum(axis=1) == pytest.approx(1)
    assert packaged_model().probabilities([]).shape == (0, len(themes))


def test_what_is_settled_does_not_count_beside_what_is_asked():
    themes = park_taxonomy()["theme"].unique()
    probabilities = packaged_model().probabilities(["银行贷款已经批下来了，现在缺电焊工"])
    assert themes[probabilities.argmax()] == "招工"


def test_a_table_is_cleaned_and_its_groups_may_be_missing():
    table = checked_taxonomy(OWN)
    assert table.columns.tolist() == ["group", "theme", "phrase"]
    assert table["theme"].tolist() == ["停车", "停车", "融资", "融资", "入学", "入学"]
    assert set(table["group"]) == {""}


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([("甲", "a", "x")], "expected two themes or more"),
        ([("甲", "a", "x"), ("乙", "a", "y"), ("乙", "b", "z")], "theme 'a' is in several groups"),
        ([("甲", "a", "x"), ("乙", "b", "x")], "phrase 'x' is in several themes"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        checked_taxonomy(pd.DataFrame(rows, columns=["group", "theme", "phrase"]))


def test_a_table_without_its_columns_is_refused():
    with pytest.raises(ValueError, match=r"got \['主题'\]; add \['theme', 'phrase'\]"):
        checked_taxonomy(pd.DataFrame({"主题": ["停车"]}))


def test_only_the_packaged_taxonomy_takes_the_packaged_weights():
    assert model_of(park_taxonomy()) is packaged_model()
    fewer = checked_taxonomy(park_taxonomy().query("theme in ['融资', '招工']"))
    two = model_of(fewer, encoder="lexical")
    assert two.probabilities(["贷款", "招工人"], encoder="lexical").argmax(axis=1).tolist() == [0, 1]
    assert two.probabilities(["贷款"], encoder="lexical").sum() == pytest.approx(1)


def test_themes_keep_the_order_of_the_table_and_the_rest_comes_last():
    themes = DemandThemes(taxonomy=OWN).fit([*TEXTS, "🙂"])
    assert themes.themes_["name"].tolist() == ["停车", "融资", "入学", "其他"]
    assert (themes.labels_[:18] == np.repeat([0, 1, 2], 6)).mean() >= 17 / 18
    assert themes.predict(TEXTS).tolist() == themes.labels_[:18].tolist()
    assert themes.themes_["size"].sum() == 19


def test_what_fits_none_is_left_over_and_has_its_share():
    class Stub:
        def probabilities(self, texts, **_):
            return np.array([[0.5, 0.5], [FITS - 0.01, 0.1]])[: len(texts)]

    shares = TaxonomyScorer(Stub()).shares(ThemeSpace("lexical"), ["甲", "乙"])
    assert shares.argmax(axis=1).tolist() == [0, 2]
    assert shares[0] == pytest.approx(np.array([0.5, 0.5, FITS]) / (1 + FITS))


def test_new_themes_are_sought_only_where_there_are_enough_texts(monkeypatch):
    loans = pd.DataFrame(
        {"theme": ["融资", "融资", "税费", "税费"], "phrase": ["贷款", "银行利率", "退税", "发票"]}
    )
    parking = [f"{text}{end}" for text in TEXTS[:6] + TEXTS[12:] for end in ("", "啊", "呢", "了")]
    monkeypatch.setattr("liaison_analysis.demands.taxonomy.FITS", 0.95)
    few = DemandThemes(taxonomy=loans).fit(parking)
    assert few.themes_["name"].tolist() == ["融资", "税费", "其他"]
    monkeypatch.setattr(fitting, "FEWEST_FOR_FREE", 40)
    many = DemandThemes(taxonomy=loans).fit(parking)
    assert many.n_themes_ > 3
    assert many.themes_["size"].sum() == many.themes_["size"].iloc[2:].sum() == 48
    assert not many.themes_["name"].isin(["其他", ""]).any()
    assert DemandThemes(3, taxonomy=loans).fit(parking).n_themes_ == 3


def test_a_taxonomy_beside_seeds_labels_or_too_few_themes_is_refused():
    with pytest.raises(ValueError, match="taxonomy and seeds"):
        DemandThemes(taxonomy="parks", seeds={"停车": []}).fit(TEXTS)
    with pytest.raises(ValueError, match="a taxonomy or labels y"):
        DemandThemes(taxonomy=OWN).fit(TEXTS, ["停车"] * 18)
    with pytest.raises(ValueError, match="at least the 3 themes of the taxonomy, got 2"):
        DemandThemes(2, taxonomy=OWN).fit(TEXTS)
    with pytest.raises(ValueError, match="expected None, 'parks' or a DataFrame, got 'cities'"):
        DemandThemes(taxonomy="cities").fit(TEXTS)


def test_a_taxonomy_s_themes_are_renamed_merged_split_and_written(tmp_path):
    themes = DemandThemes(taxonomy=OWN).fit(TEXTS)
    themes.rename({"停车": "停车与充电"}).merge(["融资", "入学"], name="资金与生活")
    assert themes.themes_["name"].tolist() == ["停车与充电", "资金与生活", "其他"]
    themes.split("资金与生活", 2, names=["一", "二"])
    themes.save(tmp_path / "themes.json")
    again = DemandThemes.load(tmp_path / "themes.json")
    new = ["地下车库满了", "贷款到期", "🙂"]
    assert (again.predict_proba([*TEXTS, *new]) == themes.predict_proba([*TEXTS, *new])).all()
    assert again.taxonomy.equals(OWN)


def test_packaged_examples_teach_the_themes_that_a_table_keeps():
    taxonomy = park_taxonomy()
    examples = taxonomy_examples(taxonomy)
    assert set(examples["theme"]) == set(taxonomy["theme"])
    assert examples.groupby("theme").size().min() >= 15
    assert not set(examples["text"]) & set(taxonomy["phrase"])
    phrases = taxonomy.loc[taxonomy["theme"].eq("融资"), "phrase"]
    mostly_kept = pd.concat([taxonomy.drop(phrases.index[:10]), OWN.dropna()])
    assert "融资" in set(taxonomy_examples(mostly_kept)["theme"])
    mostly_gone = taxonomy.drop(phrases.index[:30])
    assert set(taxonomy["theme"]) - set(taxonomy_examples(mostly_gone)["theme"]) == {"融资"}
    assert taxonomy_examples(checked_taxonomy(OWN)).empty


# Worded as in notes of visits: what is settled or not wanted first, trades of many kinds.
NOTES = [
    ("上下游对接", "竹屑一天六车，干净没泥，做香的、压板的来谈价，长期给。"),
    ("环保与安全", "豆皮水捂一天就发臭，邻居告了两回，不要钱，只要天天有车来拉走。"),
    ("厂房与设备", "封口机太慢，想换一台一分钟两百包的。"),
    ("手续与审批", "环保局的朋友都熟，只问一句：多加一口锅，环评是备案还是重报？"),
    ("住房与生活配套", "十二个人挤一间屋，夏天没空调，想要几间宿舍。"),
]


def test_notes_of_visits_find_their_theme():
    themes = park_taxonomy()["theme"].unique()
    probabilities = packaged_model().probabilities([text for _, text in NOTES])
    assert themes[probabilities.argmax(axis=1)].tolist() == [theme for theme, _ in NOTES]
