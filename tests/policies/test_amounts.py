import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.policies.amounts import read_amounts, read_benefits, read_stacking


@pytest.mark.parametrize(
    ("text", "benefits"),
    [
        ("分别给予2万元、4万元、8万元、15万元奖励。", ["分别给予2万元、4万元、8万元、15万元奖励"]),
        ("给予最高不超过1,000万元补助。", ["给予最高不超过1,000万元补助"]),
        ("按投资额的10%给予最高不超过1，000万元补助", ["按投资额的10%给予最高不超过1，000万元补助"]),
        ("奖励一万元。", ["奖励一万元"]),
        ("按投资额的8%给予补助，最高300万元", ["按投资额的8%给予补助", "最高300万元"]),
        # Who may apply is no grant.
        ("投资额不低于1亿元的项目，按5%给予奖励，不超过500万元", ["按5%给予奖励", "不超过500万元"]),
        ("营收不低于2000万元的高新技术企业可申报。", []),
        ("给予不低于5万元的奖励", ["给予不低于5万元的奖励"]),
        ("按下列标准奖励：营业收入2000万元以上的，奖励15万元", ["奖励15万元"]),
        ("上年度营业收入不低于5亿元。", []),
        ("奖补标准不低于500元", ["不低于500元"]),
        ("给予以下支持：按设备投入的20%补助", ["按设备投入的20%补助"]),
        ("补贴多少？答：A类200万元、B类100万元。", ["A类200万元、B类100万元"]),
        ("年度总额不超过9万元", ["年度总额不超过9万元"]),
        # What the amount is for belongs to it, and no word at its end is cut.
        ("用电每千瓦时补贴0.03元，年度上限25万元。", ["每千瓦时补贴0.03元", "年度上限25万元"]),
        ("每个展位补助300元，单个展会最高80万元", ["每个展位补助300元", "单个展会最高80万元"]),
        (
            "每平方米每月补贴25元，每家企业每年不超过9万元",
            ["每平方米每月补贴25元", "每家企业每年不超过9万元"],
        ),
        ("按每人2000元给予一次性吸纳就业补贴。", ["按每人2000元给予一次性吸纳就业补贴"]),
        ("【补贴标准】按照硕士每月1200元的标准发放租房补贴", ["按照硕士每月1200元的标准发放租房补贴"]),
    ],
)
def test_no_amount_is_cut(text, benefits):
    assert read_benefits(text) == benefits


@given(st.lists(st.integers(1, 99_999), min_size=1, max_size=6))
def test_every_number_of_a_list_is_whole(numbers):
    text = "、".join(f"{n:,}万元" for n in numbers)
    (benefit,) = read_benefits(f"对获评企业分别给予{text}奖励。")
    assert benefit == f"分别给予{text}奖励"
    amounts = read_amounts(f"分别给予{text}奖励。")
    assert (amounts[0].low, amounts[-1].high) == (min(numbers) * 1e4, max(numbers) * 1e4)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一次性奖励20万元", [("fixed", 2e5, 2e5, "元")]),
        ("奖励一百二十万元", [("fixed", 1.2e6, 1.2e6, "元")]),
        ("给予10至50万元资助", [("range", 1e5, 5e5, "元")]),
        ("给予5000元-1万元补贴", [("range", 5e3, 1e4, "元")]),
        ("最高不超过1,000万元", [("cap", 0.0, 1e7, "元")]),
        ("每人每月补贴不低于500元", [("floor", 500.0, 500.0, "元")]),
        ("按购置额的5%-8%给予补助", [("share", 5.0, 8.0, "%")]),
        ("按照购置额的百分之十给予补助", [("share", 10.0, 10.0, "%")]),
        ("按5%补助，最高100万元", [("share", 5.0, 5.0, "%"), ("cap", 0.0, 1e6, "元")]),
        ("企业应当备案。", []),
    ],
)
def test_kinds_of_amounts(text, wanted):
    assert [amount[:4] for amount in read_amounts(text)] == wanted


def test_what_an_amount_is_paid_for_is_named():
    assert read_amounts("每人每月补贴500元")[0].per == "每人每月"
    assert read_amounts("按每平方米20元给予补贴")[0].per == "每平方米"
    assert read_amounts("每千瓦时补贴0.03元")[0].per == "每千瓦时"


def test_grants_that_do_not_add_up():
    assert read_stacking("奖励10万元。同一企业按就高不重复原则享受。") == "同一企业按就高不重复原则享受"
    assert read_stacking("注：以上政策不重复享受。") == "以上政策不重复享受"
    assert read_stacking("奖励10万元。") == ""


@pytest.mark.parametrize(
    ("text", "benefits"),
    [
        ("每台更新补助15万元；加装安全评估另补0.5万元。", ["每台更新补助15万元", "加装安全评估另补0.5万元"]),
        ("引荐内资项目的，按到位投资的2‰奖励。", ["按到位投资的2‰奖励"]),
        (
            "补贴标准：A类人才150万元，B类人才80万元，C类人才40万元，分5年发放。",
            ["补贴标准：A类人才150万元", "B类人才80万元", "C类人才40万元"],
        ),
        (
            "每家企业每年最高20万元，创业团队每年最高5万元。",
            ["每家企业每年最高20万元", "创业团队每年最高5万元"],
        ),
        ("按利率的50%贴息，年贴息额不超过60万元。", ["按利率的50%贴息", "年贴息额不超过60万元"]),
        # Sizes and shares of other things are no grants.
        ("设立发展资金，规模为每年2000万元。", []),
        ("引导基金出资比例不超过25%。", []),
        ("补助比例不超过25%。", ["补助比例不超过25%"]),
    ],
)
def test_every_grant_is_named_and_sizes_are_none(text, benefits):
    assert read_benefits(text) == benefits


def test_a_share_in_thousandths_is_a_tenth_of_that_in_per_cent():
    assert [amount[:4] for amount in read_amounts("按投资的2‰奖励。")] == [("share", 0.2, 0.2, "%")]


def test_what_a_share_is_of_is_named():
    assert read_benefits("每店奖补3.5万元，保函手续费按50%补贴。") == [
        "每店奖补3.5万元",
        "保函手续费按50%补贴",
    ]


def test_what_one_pays_is_no_grant():
    assert read_benefits("个人缴费每人420元；另给予补贴每人300元。") == ["给予补贴每人300元"]
