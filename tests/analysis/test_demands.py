from dataclasses import replace

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
            "collected",
        )
        for i in range(36)
    ]
    columns = ["demand_id", "enterprise_id", "raised_on", "text", "in_remit", "status"]
    demands = frame("demands", columns, rows)
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


@pytest.fixture(scope="module")
def sorted_by_parks():
    """The same texts sorted into the packaged taxonomy, with the clerk's category of each."""
    rows = []
    for i in range(36):
        matter = i % 3
        late = matter == 2 and i < 30
        day = f"2022-{1 if late or matter != 2 else 3:02}-0{1 + i % 9}"
        kind = ["停车", "资金", "水电"][matter] if i else "资金"
        rows.append((f"D{i:02}", "RVGWM"[i % 5], day, f"{MATTERS[matter]}，第{i}回", kind))
    columns = ["demand_id", "enterprise_id", "raised_on", "text", "kind"]
    return Analysis(ledger(demands=frame("demands", columns, rows)))


def test_themes_are_those_that_parks_use_under_their_groups(sorted_by_parks):
    levels = sorted_by_parks.themes.levels
    assert dict(zip(levels["name"], levels["group"], strict=True)) == {
        "停车与充电": "交通与出行",
        "融资": "资金与政策",
        "用电用水用气": "要素保障",
    }
    assert levels["size"].tolist() == [12, 12, 12]
    assert levels["firms"].tolist() == [5, 5, 5]
    assert set(levels["origin"]) == {"taxonomy"}


def test_a_category_that_differs_from_its_usual_theme_is_listed(sorted_by_parks):
    themes = sorted_by_parks.themes
    agreement = themes.agreement.set_index("category")
    assert agreement.loc["资金", ["n", "theme", "agree"]].tolist() == [13, "融资", 12]
    assert themes.differences[["demand_id", "usual", "theme"]].to_numpy().tolist() == [
        ["D00", "融资", "停车与充电"]
    ]


def test_with_protected_groups_categories_list_no_single_demands(sorted_by_parks):
    themes = Analysis(sorted_by_parks.ledger, min_group=3).themes
    assert themes.agreement.empty
    assert themes.differences.empty
    assert themes.weak.empty


def test_few_late_demands_of_several_enterprises_are_a_weak_signal(sorted_by_parks):
    demands = sorted_by_parks.ledger.demands
    taxes = demands.head(4).assign(
        demand_id=["T0", "T1", "T2", "T3"],
        raised_on=pd.Timestamp("2022-04-01"),
        text=[f"税务局的发票和税费减免怎么办，第{i}回" for i in range(4)],
    )
    source = ledger(demands=pd.concat([demands, taxes], ignore_index=True))
    weak = Analysis(source).themes.weak
    counted = weak[["name", "n", "firms", "first_half", "second_half"]]
    assert counted.to_numpy().tolist() == [["税费", 4, 4, 0, 4]]
    assert sorted(weak["texts"].iloc[0].split("\n")) == sorted(taxes["text"])


def test_the_ledgers_own_themes_are_those_that_demands_are_sorted_into(analysis):
    own = frame(
        "themes",
        ["theme", "phrase", "group"],
        [
            ("车辆", "没有车位", "出行"),
            ("车辆", "停车难", "出行"),
            ("钱", "贷款难", "资金"),
            ("钱", "缺周转", "资金"),
        ],
    )
    themes = Analysis(replace(analysis.ledger, themes=own)).themes
    assert set(themes.table["name"]) <= {"车辆", "钱", "其他"}
    names = themes.labels.groupby([i % 3 for i in range(36)]).unique().map(list)
    assert names[:2].tolist() == [["车辆"], ["钱"]]
    assert set(themes.levels["group"]) <= {"出行", "资金", "其他"}
