"""Policies that a handbook is made of."""

import pytest

from liaison_analysis.ledger.datasets import shipped
from liaison_analysis.policies import read_policies

FOLDER = shipped("data/liangjiang") / "policies"
ACT = """某市扶持办法
第一条 本办法适用于在本市登记的工业企业。
第二条 对获评小巨人企业的，一次性奖励20万元。申报截止至2023年3月31日。
第三条 企业贷款给予贴息，最高50万元。
第四条 申报材料通过惠企平台提交。
第五条 本办法自2022年5月1日起施行，有效期至2023年4月30日。
"""


@pytest.fixture(scope="module")
def policies():
    """Clauses of the sample's documents."""
    return read_policies(FOLDER, towns=["鱼复", "水土", "龙兴"])


@pytest.fixture
def act(tmp_path):
    """Clauses of one short act."""
    (tmp_path / "a.txt").write_text(ACT, encoding="utf-8")
    return read_policies(tmp_path)
