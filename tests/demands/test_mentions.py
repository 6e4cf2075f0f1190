"""What find_mentions reads out of a text, word by word and place by place."""

import dataclasses
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest
from helpers.small_vocabulary import hits, small_ledger
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis import load_liangjiang
from liaison_analysis.demands import mentions
from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.demands.mentions import COLUMNS, demand_mentions, find_mentions
from liaison_analysis.demands.vocabulary import fold
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def intents(text: str) -> set[str]:
    result = find_mentions([text], small_ledger())
    return set(result.loc[result["kind"].eq("intent"), "value"])


def test_near_names_are_looked_for_where_goods_are_asked_for():
    offers = typed("offers", pd.DataFrame({"enterprise_id": ["A"], "product": ["离心泵"]}))
    # With a chain of its own that names them, only the ledger's own words are looked for.
    chain = typed("product_chain", pd.DataFrame({"upstream": ["离心泵"], "downstream": ["消防泵组"]}))
    ledger = Ledger(offers=offers, product_chain=chain)
    result = find_mentions(["离心水泵断货，帮忙找供应商", "离心水泵房外面的路灯坏了"], ledger)
    result = result[result["kind"].eq("product")]
    assert result[["row", "value", "start", "end", "score"]].to_numpy().tolist() == [[0, "离心泵", 0, 4, 0.4]]


def test_longest_hit_wins_where_hits_overlap():
    # 减速器壳体 holds 减速器; RV减速器 holds 减速器 too.
    assert hits("减速器壳体、RV减速器") == [("减速器壳体", "减速器壳体", 1.0), ("RV减速器", "RV减速器", 1.0)]
    # 新能源乘用车 is no second hit of 乘用车, and 工业机器人 none of 机器人.
    assert hits("新能源乘用车上的工业机器人") == [
        ("新能源乘用车", "新能源乘用车", 1.0),
        ("工业机器人", "工业机器人", 1.0),
    ]
    # The same word twice is found twice.
    assert [h[0] for h in hits("谐波减速器，谐波减速器")] == ["谐波减速器", "谐波减速器"]


def test_missing_texts_speak_of_nothing_and_one_text_is_refused():
    texts = ["做RV减速器的", None, float("nan"), pd.NA, "", "　", 24, "路灯坏了，RV减速器也坏了"]
    result = find_mentions(texts, small_ledger())
    assert result.loc[result["kind"].eq("product"), "row"].tolist() == [0, 7]
    assert set(result["row"]) <= {0, 7}
    with pytest.raises(ValueError, match=r"write \[text\]"):
        find_mentions("做RV减速器的", small_ledger())


def test_batches_and_long_texts_give_what_single_texts_give(monkeypatch):
    texts = ["做RV减速器的，想认识水土的机械臂厂家", "想贷款", "路灯坏了", "伺服电机断货，帮忙找供应商"]
    whole = find_mentions(texts, small_ledger())
    monkeypatch.setattr("liaison_analysis.demands.mentions._AT_ONCE", 2)
    again = find_mentions(texts, small_ledger())
    assert again.drop(columns="score").equals(whole.drop(columns="score"))
    assert again["score"].to_numpy() == pytest.approx(whole["score"].to_numpy(), abs=2e-3)
    long = find_mentions(["做RV减速器的。" * 3000], small_ledger())
    long = long[long["kind"].eq("product")]
    assert len(long) == 3000
    assert long["start"].tolist() == list(range(1, 8 * 3000, 8))


def test_width_and_case_do_not_matter_and_places_are_the_texts_own():
    for written in ("mcu芯片", "ＭＣＵ芯片", "Ｍcu芯片"):
        text = f"㈱缺{written}。"  # ㈱ becomes three characters under NFKC, and must not shift what follows
        assert hits(text) == [(written, "MCU芯片", 1.0)]
    assert hits("甲机器人（重庆）有限公司来了", "enterprise") == [("甲机器人（重庆）有限公司", "E1", 1.0)]


def test_enterprises_by_name_and_alias_and_towns():
    assert hits("乙汽车在鱼复", "enterprise") == [("乙汽车", "E2", 1.0)]
    assert hits("乙汽车在鱼复", "town") == [("鱼复", "鱼复", 1.0)]
    assert hits("丙传动有限公司", "enterprise") == [("丙传动有限公司", "E3", 1.0)]


@settings(deadline=None, max_examples=40)  # each text is read with an index made anew
@given(st.text(alphabet="减速器RVrvＲＶ谐波工业机器人㈱ﬁßİ𠮷，。 主厂芯片mcu", max_size=40))
def test_places_lie_in_the_text_and_products_do_not_overlap(text):
    result = find_mentions([text], small_ledger())
    assert ((result["start"] >= 0) & (result["end"] <= len(text)) & (result["start"] < result["end"])).all()
    words = result[result["kind"].ne("intent")][["start", "end"]].drop_duplicates().sort_values("start")
    assert (words["start"].iloc[1:].to_numpy() >= words["end"].iloc[:-1].to_numpy()).all()
    exact = result[result["kind"].eq("product") & result["score"].eq(1)]
    for start, end, value in exact[["start", "end", "value"]].itertuples(index=False):
        assert fold(text[start:end]) == fold(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("想认识本地整车厂，把焊接机器人卖进去", {"customer"}),
        ("伺服电机断货两个月，帮忙找供应商", {"supplier"}),
        ("想申请流动资金贷款", {"finance"}),
        ("哪里能做第三方检测，要CNAS报告", {"test"}),
        ("想和高校联合研发", {"research"}),
        ("普工招不满，招聘会什么时候开", {"staff"}),
        ("专精特新怎么申报", {"policy"}),
        ("厂区外停车位太少", {"site"}),
        ("夏天老是停电", {"utilities"}),
        ("想对接主机厂，另外账上没钱垫，想问银行能不能贷款", {"customer", "finance"}),
        ("轴承断供，现有库存要拿去第三方检测", {"supplier", "test"}),
        ("ｅｍｃ测不过", {"test"}),
    ],
)
def test_intents(text, expected):
    assert intents(text) == expected


EVERYDAY = [
    "厂门口的停车位不够，员工早上绕三圈都停不下来。",
    "西侧那块地一直空着，能不能先铺平了当临时停车场？",
    "请物业抽时间看一下2号楼的路灯，坏了一个月。",
    "公交末班车太早，夜班下来等车，车子迟迟不来。",
    "大货车进入厂区要绕行三公里，能否在南边开个口子。",
    "周转房什么时候能排到，年轻职工在外面租房太贵。",
    "职工子女想进水土的幼儿园，差两个学位没着落。",
    "食堂的菜涨价了，味道还跟不上，能不能换一家承包商。",
    "卫生间老化漏水，物业来看过两次都没修好。",
    "客户来访时保安不让车进，登记要半小时。",
    "附近没有银行网点，取个现金要跑五公里。",
    "园区快递点只开了一个窗口，下班高峰排长队。",
    "宿舍热水供不上，洗澡要排队，水压也低。",
    "请帮忙对接自来水公司，二期的接口还没有通水。",
    "孩子放学没人接，园区能不能办个托管班，也可以接送。",
    "电费又涨价了，高峰时段能不能错开。",
    "维修基金一直没批下来，电梯停了半个月。",
    "维持现有的稳定供电就行，别再半夜拉闸。",
]


def test_everyday_matters_rarely_ask_for_introductions():
    result = find_mentions(EVERYDAY, load_liangjiang())
    asked = result[result["kind"].eq("intent")]
    trade = asked[asked["value"].isin(["customer", "supplier", "finance", "research"])]
    assert trade["row"].nunique() <= 3, trade


def test_demands_of_the_sample_ask_for_introductions_where_their_theme_says_so():
    # Themes are for evaluation: outside the matters of trade and money such an intent is a false alarm.
    ledger = load_liangjiang()
    result = demand_mentions(ledger).query("kind == 'intent'").merge(ledger.demands[["demand_id", "theme"]])
    everyday = {
        "停车与充电",
        "道路与物流",
        "住房与生活配套",
        "子女入学",
        "用电用水用气",
        "厂房改造与设备安装",
    }
    asked = result[result["theme"].isin(everyday) & result["value"].isin(["customer", "finance"])]
    n = ledger.demands["theme"].isin(everyday).sum()
    # One of the six asks for a loan beside its matter.
    assert asked["demand_id"].nunique() / n < 0.03, asked
    trade = ledger.demands.query("theme == '市场开拓与上下游对接'")["demand_id"]
    heard = result[result["value"].isin(["customer", "supplier"])]["demand_id"]
    assert trade.isin(heard).mean() > 0.9
    money = ledger.demands.query("theme == '融资'")["demand_id"]
    assert money.isin(result[result["value"].eq("finance")]["demand_id"]).mean() > 0.85


LABELS = Path(__file__).parents[1] / "data"


def f1(labelled: list[set[str]], result: list[set[str]]) -> float:
    right = sum(len(a & b) for a, b in zip(labelled, result, strict=True))
    return 2 * right / (sum(map(len, labelled)) + sum(map(len, result)))


def test_mentions_agree_with_labels_written_before_the_rules():
    # 200 demands of the sample, and the half of 160 separately written ones that no rule was adjusted on.
    ledger = load_liangjiang()
    sample = pd.read_csv(LABELS / "mention_labels.csv", keep_default_na=False)
    sample["text"] = sample["demand_id"].map(ledger.demands.set_index("demand_id")["text"])
    written = pd.read_csv(LABELS / "written_demands.csv", keep_default_na=False)
    assert len(sample) == 200
    for rows, intents_at_least, products_at_least in (
        (sample, 0.865, 0.9),
        (written[written["half"].eq("test")], 0.92, 0.87),
    ):
        result = find_mentions(rows["text"], ledger)
        for kind, column, at_least in (
            ("intent", "intents", intents_at_least),
            ("product", "products", products_at_least),
        ):
            labelled = [set(filter(None, value.split(";"))) for value in rows[column]]
            mine = result[result["kind"].eq(kind)].groupby("row")["value"].agg(set)
            assert f1(labelled, [mine.get(i, set()) for i in range(len(rows))]) >= at_least, (kind, len(rows))


def test_training_examples_hold_no_labelled_text():
    ledger = load_liangjiang()
    phrases = files("liaison_analysis.demands").joinpath("intent_phrases.csv")
    learnt = set(pd.read_csv(phrases, keep_default_na=False)["text"])
    kept_out = pd.read_csv(LABELS / "mention_labels.csv")["demand_id"]
    written = pd.read_csv(LABELS / "written_demands.csv")["text"]
    assert not learnt & set(ledger.demands.set_index("demand_id").loc[kept_out, "text"])
    assert not learnt & set(written)
    assert not learnt & set(pd.read_csv(LABELS / "intent_check.csv")["text"])


def test_offered_and_unwanted_goods_are_distinguished():
    assert intents("我司生产轴承，想认识几家电机厂") == {"customer"}
    assert intents("需要轴承，想找几家轴承厂") == {"supplier"}
    assert intents("贷款已经下来了，谢谢") == set()
    assert intents("不缺人，就缺订单") == {"customer"}


def test_a_loose_word_for_a_service_counts_where_the_service_is_asked_for():
    ledger = load_liangjiang()
    asked = find_mentions(["想找银行贷点款", "银行门口的路灯坏了"], ledger)
    assert set(asked.loc[asked["kind"].eq("product"), "row"]) == {0}


def test_a_shared_last_word_of_an_unknown_kind_is_no_hit():
    assert hits("找减速器")[0][:2] == ("减速器", "RV减速器")
    assert hits("固态减速器") == []


def test_industries_by_name_and_by_what_they_are_called():
    assert hits("工业机器人制造", "industry") == [("工业机器人制造", "3491", 1.0)]
    assert hits("想进汽车行业", "industry") == [("汽车行业", "36", 0.8)]


def test_rows_count_from_zero_and_sort():
    ledger = small_ledger()
    result = find_mentions(["没有", "谐波减速器卖给主机厂"], ledger)
    assert list(result.columns) == COLUMNS
    assert set(result["row"]) == {1}
    assert result["value"].tolist() == ["customer", "谐波减速器", "新能源乘用车", "燃油乘用车"]
    assert result.equals(result.sort_values(["row", "start", "kind", "value"], ignore_index=True))
    assert set(result[result["kind"].eq("intent")]["value"]) <= set(INTENTS)


def test_empty_input_gives_empty_output_with_the_same_columns_and_types():
    full = find_mentions(["谐波减速器"], small_ledger())
    for texts, ledger in (([], small_ledger()), ([""], small_ledger()), (["谐波减速器"], Ledger())):
        result = find_mentions(texts, ledger)
        assert len(result) == 0
        assert result.dtypes.equals(full.dtypes)


def test_demand_mentions_carry_the_demand():
    result = demand_mentions(small_ledger())
    assert result.columns.tolist() == ["demand_id", "enterprise_id", *COLUMNS]
    product = result[result["kind"].eq("product")]
    assert product[["demand_id", "enterprise_id", "value"]].to_numpy().tolist() == [
        ["D1", "E3", "工业机器人"]
    ]
    light = result[result["demand_id"].eq("D2")]
    assert light["value"].tolist() == ["site"]
    assert light["enterprise_id"].tolist() == ["E1"]


def test_demands_as_a_frame_give_their_ids():
    ledger = small_ledger()
    frame = pd.DataFrame({"demand_id": ["X2", "X1"], "text": ["路灯坏了", "缺谐波减速器"]}, index=[7, 7])
    result = find_mentions(frame, ledger)
    assert result.columns.tolist() == ["demand_id", *COLUMNS]
    product = result[result["kind"].eq("product")]
    assert product[["demand_id", "row", "value"]].to_numpy().tolist() == [["X1", 1, "谐波减速器"]]
    assert result.drop(columns="demand_id").equals(find_mentions(frame["text"], ledger))
    assert find_mentions(ledger.demands, ledger).equals(demand_mentions(ledger))


def test_demands_without_their_columns_are_refused():
    with pytest.raises(ValueError, match=r"demand_id and text, got \['诉求'\]; add \['demand_id', 'text'\]"):
        find_mentions(pd.DataFrame({"诉求": ["停车难"]}), small_ledger())


def test_mentions_are_computed_once_for_equal_ledgers_and_anew_for_changed_ones(monkeypatch):
    calls = []

    def counted(demands, ledger):
        calls.append(len(demands))
        return find_mentions(demands, ledger)

    monkeypatch.setattr(mentions, "find_mentions", counted)
    monkeypatch.setattr(mentions, "_computed", {})
    first = demand_mentions(small_ledger())
    first["value"] = "spoilt by its user"
    second = demand_mentions(small_ledger())
    assert calls == [2]
    assert set(second["value"]) == {"customer", "site", "工业机器人"}
    ledger = small_ledger()
    fewer = dataclasses.replace(ledger, offers=ledger.offers[ledger.offers["product"].ne("工业机器人")])
    named = ledger.demands.assign(text=["", "路灯坏了"])
    demand_mentions(fewer)
    assert demand_mentions(dataclasses.replace(ledger, demands=named))["demand_id"].tolist() == ["D2"]
    assert calls == [2, 2, 2]


def test_only_the_mentions_used_last_are_kept(monkeypatch):
    monkeypatch.setattr(mentions, "_computed", {})
    monkeypatch.setattr(mentions, "_KEPT_ROWS", 1)
    ledger = small_ledger()
    for text in ("路灯坏了", "停车难"):
        demand_mentions(dataclasses.replace(ledger, demands=ledger.demands.assign(text=text)))
    assert len(mentions._computed) == 1
