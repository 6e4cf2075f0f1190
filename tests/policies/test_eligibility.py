import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.policies.eligibility import judge, judge_all, validity_on

FIRM = {"town": "水土", "industry_code": "3491", "category": "小巨人", "headcount": 120}


@pytest.mark.parametrize(
    ("clause", "name", "verdict"),
    [
        ({"town": "水土"}, "town", "符合"),
        ({"town": "鱼复、水土"}, "town", "符合"),
        ({"town": "鱼复"}, "town", "不符合"),
        ({"industry_prefix": "34"}, "industry", "符合"),
        ({"industry_prefix": "36、3491"}, "industry", "符合"),
        ({"industry_prefix": "36"}, "industry", "不符合"),
        ({"category": "小巨人"}, "category", "符合"),
        ({"category": "专精特新"}, "category", "符合"),
        ({"category": "中小企业"}, "category", "符合"),
        ({"category": "金融机构"}, "category", "不符合"),
        ({"min_headcount": 120}, "headcount", "符合"),
        ({"min_headcount": 121}, "headcount", "不符合"),
        ({"town": pd.NA, "min_headcount": pd.NA}, "town", "不限"),
        ({"category": "金融机构、专精特新"}, "category", "符合"),
        ({"category": "金融机构、检测机构"}, "category", "不符合"),
        ({"town": "鱼复、龙兴"}, "town", "不符合"),
        ({"industry_prefix": "36、37"}, "industry", "不符合"),
    ],
)
def test_one_condition(clause, name, verdict):
    found = judge(clause, FIRM)
    assert found[name] == verdict
    assert found["eligibility"] == ("不符合" if verdict == "不符合" else "符合")
    assert found["missing"] == ""


@given(st.sets(st.sampled_from(["town", "industry_code", "category", "headcount"])))
def test_a_missing_field_is_never_a_no(missing):
    clause = {"town": "水土", "industry_prefix": "34", "category": "专精特新", "min_headcount": 100}
    found = judge(clause, {name: value for name, value in FIRM.items() if name not in missing})
    assert "不符合" not in found.values()
    assert set(filter(None, found["missing"].split("；"))) == missing
    assert found["eligibility"] == ("待核实" if missing else "符合")


def test_one_no_outweighs_what_is_unknown():
    found = judge({"town": "鱼复", "min_headcount": 10}, {"town": "水土", "headcount": None})
    assert (found["town"], found["headcount"], found["eligibility"]) == ("不符合", "待核实", "不符合")


@pytest.mark.parametrize(
    ("prefix", "code", "verdict"),
    [("3491", "34", "待核实"), ("3491", "35", "不符合"), ("34", "3491", "符合"), ("3", "3491", "符合")],
)
def test_a_coarse_code_does_not_decide(prefix, code, verdict):
    assert judge({"industry_prefix": prefix}, {"industry_code": code})["industry"] == verdict


@pytest.mark.parametrize(
    ("clause", "profile", "name", "verdict"),
    [
        # One of several required, one of several held: one match is enough, whichever it is.
        ({"category": "四上、科研院所"}, {"category": "金融机构、科研院所"}, "category", "符合"),
        ({"category": "四上、科研院所"}, {"category": "金融机构、检测机构"}, "category", "不符合"),
        ({"category": "中小企业、科研院所"}, {"category": "四上、检测机构"}, "category", "待核实"),
        ({"industry_prefix": "36、3491"}, {"industry_code": "2710、3491"}, "industry", "符合"),
        ({"industry_prefix": "36、3491"}, {"industry_code": "2710、34"}, "industry", "待核实"),
        ({"industry_prefix": "36、3491"}, {"industry_code": "2710、35"}, "industry", "不符合"),
        ({"town": "鱼复、龙兴"}, {"town": "水土、龙兴"}, "town", "符合"),
    ],
)
def test_one_of_several_values_is_enough(clause, profile, name, verdict):
    assert judge(clause, profile)[name] == verdict


def test_size_classes_that_overlap_are_to_be_checked():
    assert judge({"category": "中小企业"}, {"category": "四上"})["category"] == "待核实"
    assert judge({"category": "专精特新"}, {"category": "四上"})["category"] == "不符合"


def test_what_only_the_words_state_is_to_be_checked():
    found = judge({"text": "投资500万元以上的，按8%给予补助，最高300万元。"}, FIRM)
    assert (found["eligibility"], found["missing"]) == ("待核实", "投资500万元以上")


@pytest.mark.parametrize(
    ("first", "last", "on", "validity"),
    [
        ("2022-03-01", "2022-12-31", "2022-02-28", "未生效"),
        ("2022-03-01", "2022-12-31", "2022-03-01", "有效"),
        ("2022-03-01", "2022-12-31", "2022-12-31", "有效"),
        ("2022-03-01", "2022-12-31", "2023-01-01", "已失效"),
        ("2022-03-01", None, "2030-01-01", "有效"),
        (None, "2022-12-31", "2023-01-01", "已失效"),
        (None, None, "2023-01-01", "未注明期限"),
    ],
)
def test_first_and_last_day_count(first, last, on, validity):
    clause = {"valid_from": pd.Timestamp(first) if first else pd.NaT, "valid_to": last and pd.Timestamp(last)}
    day = pd.Timestamp(on)
    assert validity_on(clause, day) == validity
    found = judge(clause, FIRM, on=day)
    assert found["validity"] == validity
    assert (found["eligibility"] == "不符合") == (validity in {"未生效", "已失效"})


def test_one_clause_for_many_firms_is_judged_as_for_each_alone():
    towns, codes, kinds, sizes = (
        ["水土", "鱼复", None],
        ["3491", "36", None],
        ["小巨人", None],
        [120, 8, None],
    )
    rows = [(a, b, c, d) for a in towns for b in codes for c in kinds for d in sizes] * 2
    firms = pd.DataFrame(rows, columns=["town", "industry_code", "category", "headcount"])
    clauses = [
        {"town": "水土", "text": "投资五百万元以上的给予补助。"},
        {"industry_prefix": "34", "min_headcount": 20, "town": pd.NA},
        {"category": "专精特新", "min_headcount": 121, "valid_to": pd.Timestamp("2022-12-31")},
        {"text": "企业可申请。"},
    ]
    for clause in clauses:
        for day in (None, pd.Timestamp("2023-01-01")):
            verdicts, place = judge_all(clause, firms, on=day)
            alone = [judge(clause, firm, on=day) for firm in firms.to_dict("records")]
            assert [verdicts[at] for at in place] == alone
            assert len(verdicts) < len(firms) / 2


def test_firms_without_the_column_that_a_clause_is_about_are_to_be_checked():
    verdicts, place = judge_all({"min_headcount": 20}, pd.DataFrame({"town": ["水土", "鱼复"]}))
    assert [verdicts[at]["eligibility"] for at in place] == ["待核实", "待核实"]
    assert len(judge_all({"town": "水土"}, pd.DataFrame({"town": []}))[1]) == 0
