"""Proposed salons bring dense parts of the graph together and say who is missing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.salons.plan import plan_salon
from liaison_analysis.salons.proposals import COLUMNS, propose_salons

ROWS = [
    (maker, user, "customer", 0.8, f"{product}→{end}")
    for product, end, makers, users in (
        ("焊接机器人", "新能源乘用车", ["E001", "E002", "E003"], ["E004", "E005"]),
        ("功率模块", "服务器", ["E006", "E007"], ["E008", "E009", "E010"]),
    )
    for maker in makers
    for user in users
]


def introductions(more=()):
    frame = pd.DataFrame([*ROWS, *more], columns=["seeker_id", "counterpart_id", "role", "score", "path"])
    return frame.assign(rank=1, reason="why")


@pytest.fixture(scope="module")
def ledger():
    """Two demands: a loan for E001, and a test for E006."""
    whole = load_liangjiang()
    demands = whole.demands.head(2).copy()
    demands["enterprise_id"] = ["E001", "E006"]
    demands["text"] = ["我司扩产资金紧张，需要银行贷款融资支持", "产品急需第三方检测机构做检测认证"]
    return replace(whole, demands=demands)


def test_each_dense_part_becomes_a_salon_with_its_title(ledger):
    found = propose_salons(ledger, introductions(), n=3, capacity=6)
    assert found.columns.tolist() == COLUMNS
    assert {frozenset(guests) for guests in found["guests"]} == {
        frozenset(f"E{i:03d}" for i in range(1, 6)), frozenset(f"E{i:03d}" for i in range(6, 11)),
    }  # fmt: skip
    assert sorted(found["title"]) == [
        "功率模块 → 服务器对接沙龙（兼检测认证）", "焊接机器人 → 新能源乘用车对接沙龙（兼融资）",
    ]  # fmt: skip
    assert found["n_meetings"].tolist() == [6, 6]
    assert found["value"].tolist() == pytest.approx([4.8, 4.8])
    assert found["net"].tolist() == pytest.approx([4.8 - 1.5] * 2)


def test_missing_kinds_of_guests_are_listed_until_one_can_come(ledger):
    missing = propose_salons(ledger, introductions(), n=3, capacity=6).set_index("title")["missing"]
    assert missing["焊接机器人 → 新能源乘用车对接沙龙（兼融资）"] == "金融机构（1家有融资诉求）"
    bank = [("E001", "E243", "financier", 0.3, "")]
    found = propose_salons(ledger, introductions(bank), n=3, capacity=6)
    with_bank = found[found["title"].str.contains("融资")].iloc[0]
    assert "E243" in with_bank["guests"]
    assert with_bank["missing"] == ""


def test_what_does_not_pay_is_not_proposed(ledger):
    assert len(propose_salons(ledger, introductions(), n=3, capacity=6, cost_per_guest=1.0)) == 0
    assert len(propose_salons(ledger, introductions(), n=1, capacity=6)) == 1
    assert len(propose_salons(ledger, introductions().iloc[:0])) == 0


def test_numbers_that_mean_nothing_are_refused(ledger):
    with pytest.raises(ValueError, match="got n=0, cost_per_guest=-1"):
        propose_salons(ledger, introductions(), n=0, cost_per_guest=-1)


def test_proposals_do_not_arrange_the_waiting_between_meetings(ledger, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("meetings are moved")

    expected = propose_salons(ledger, introductions(), n=3, capacity=6)
    monkeypatch.setattr("liaison_analysis.salons.event.close_gaps", refuse)
    assert propose_salons(ledger, introductions(), n=3, capacity=6).equals(expected)


def test_only_proposed_lists_are_proven(ledger, monkeypatch):
    """Lists that are compared come quickly, with a far bound; the one that is proposed is solved again."""
    asked = []

    def planned(*args, quick, **options):
        asked.append(quick)
        plan = plan_salon(*args, quick=quick, **options)
        return replace(plan, bound=2 * plan.value) if quick else plan

    monkeypatch.setattr("liaison_analysis.salons.proposals.plan_salon", planned)
    found = propose_salons(ledger, introductions(), n=1, capacity=6)
    assert asked == [True, True, False]
    assert found["gap"].tolist() == [0]


def test_a_list_that_proof_does_not_reach_is_kept_with_the_nearer_bound(ledger, monkeypatch):
    def planned(*args, quick, **options):
        plan = plan_salon(*args, quick=quick, **options)
        if quick:
            return replace(plan, bound=2 * plan.value)
        return replace(plan, guests=plan.guests.head(2), value=plan.value / 2, bound=1.25 * plan.value)

    expected = propose_salons(ledger, introductions(), n=1, capacity=6)
    monkeypatch.setattr("liaison_analysis.salons.proposals.plan_salon", planned)
    found = propose_salons(ledger, introductions(), n=1, capacity=6)
    assert found["guests"].tolist() == expected["guests"].tolist()
    assert found["value"].tolist() == expected["value"].tolist()
    assert found["gap"].tolist() == pytest.approx([0.2])
