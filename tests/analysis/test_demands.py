import pandas as pd
import pytest
from helpers.small_ledger import frame, ledger

from liaison_analysis import Analysis

MATTERS = ["停车位不够，员工没地方停车", "想申请贷款，银行要抵押物", "限电影响生产，电价也高"]


@pytest.fixture(scope="module")
def analysis():
    """Twelve enterprises with three matters, 36 texts that differ."""
    firms = frame(
        "enterprises",
        ["enterprise_id", "name", "town"],
        [(f"E{i}", f"厂{i}", "东" if i < 6 else "西") for i in range(12)],
    )
    rows = [
        (
            f"D{i:02}",
            f"E{i % 12}",
            f"2022-{1 + i // 12:02}-0{1 + i % 3}",
            f"{MATTERS[i % 3]}，第{i}回",
            i % 2 == 0,
        )
        for i in range(36)
    ]
    demands = frame("demands", ["demand_id", "enterprise_id", "raised_on", "text", "in_remit"], rows)
    return Analysis(ledger(enterprises=firms, demands=demands), n_themes=3)


def test_every_demand_has_the_name_of_its_theme(analysis):
    labels = analysis.themes.labels
    assert labels.index.tolist() == analysis.ledger.demands["demand_id"].tolist()
    by_matter = labels.groupby([i % 3 for i in range(36)]).nunique()
    assert by_matter.tolist() == [1, 1, 1]
    assert set(labels) == set(analysis.themes.table["name"])


def test_monthly_counts_and_settled_counts_add_up_to_all_demands(analysis):
    themes = analysis.themes
    assert themes.monthly["n"].sum() == themes.settled["demands"].sum() == 36
    assert themes.settled["in_remit"].sum() == 18
    assert themes.monthly["month"].unique().tolist() == ["2022-01", "2022-02", "2022-03"]


def test_follow_up_counts_by_the_same_themes(analysis):
    assert set(analysis.follow_up.by_theme["theme"]) == set(analysis.themes.table["name"])


def test_themes_of_too_few_enterprises_are_put_together():
    source = ledger()
    demands = pd.concat([source.demands] * 5, ignore_index=True)
    demands = demands.assign(demand_id=[f"D{i}" for i in range(len(demands))])
    texts = [f"{MATTERS[i % 2]}{i}" for i in range(len(demands))]
    few = ["V" if i % 2 else "RGM"[i % 3] for i in range(len(demands))]
    source = ledger(demands=demands.assign(text=texts, enterprise_id=few))
    themes = Analysis(source, min_group=3, n_themes=2).themes
    raisers = source.demands.groupby(themes.labels.to_numpy())["enterprise_id"].nunique()
    assert raisers.min() >= 3
    assert themes.again.empty


def test_too_few_texts_are_not_grouped():
    themes = Analysis(ledger()).themes
    assert themes.table.empty
    assert themes.model is None
    assert themes.labels.isna().all()
    assert themes.text.zh == "不同的诉求文字不足20条，未作主题归类。"
