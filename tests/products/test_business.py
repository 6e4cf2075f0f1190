"""Offers out of what firms write about their business."""

import pandas as pd
import pytest

from liaison_analysis.products.business import business_offers


def products(text):
    return business_offers(pd.DataFrame({"enterprise_id": ["E"], "main_business": [text]}))


def test_a_register_s_scope_leaves_its_boilerplate_behind():
    text = (
        "许可项目：药品生产（依法须经批准的项目，经相关部门批准后方可开展经营活动）。一般项目：锂电池制造；减速器销售；"
        "技术服务、技术开发、技术咨询；货物进出口；非居住房地产租赁（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
    )
    assert products(text)["product"].tolist() == ["医药", "锂电池", "减速器"]


def test_products_named_first_weigh_most_and_all_add_up_to_one():
    offers = products("RV减速器、电芯、轮胎")
    assert offers["weight"].sum() == pytest.approx(1, abs=1e-5)
    assert offers["weight"].is_monotonic_decreasing
    assert (offers["weight"].iloc[1] / offers["weight"].iloc[0]) == pytest.approx(0.7, abs=1e-4)


def test_the_phrase_is_the_evidence_and_kinds_stand_as_written():
    offers = products("专业从事水冷式协作机器人的研发、生产")
    assert offers[["product", "evidence"]].to_numpy().tolist()[0] == [
        "水冷式协作机器人", "专业从事水冷式协作机器人的研发",
    ]  # fmt: skip


def test_a_service_to_panels_makes_no_panels():
    assert products("面板及半导体设备零部件清洗")["product"].tolist() == ["面板及半导体设备零部件清洗"]


def test_no_text_makes_nothing_and_a_missing_column_is_named():
    assert products(None).empty
    with pytest.raises(ValueError, match=r"add \['main_business'\]"):
        business_offers(pd.DataFrame({"enterprise_id": ["E"]}))
