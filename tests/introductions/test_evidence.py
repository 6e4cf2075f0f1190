"""The frames that introductions start from."""

import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS, evidence_frames


@pytest.fixture(scope="module")
def frames():
    return evidence_frames(load_liangjiang(), ["E001"], "customer")


def test_weights_make_a_score_between_zero_and_one():
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert sum(CONTEXT.values()) == pytest.approx(0.1)


def test_frames_hold_what_the_ledger_says(frames):
    ledger = load_liangjiang()
    shares = frames["offers"].groupby("enterprise_id")["share"].sum()
    assert shares["E001"] == pytest.approx(1)  # no weights are known: four products, a quarter each
    assert frames["seekers"]["seeker_id"].tolist() == ["E001"]
    assert set(frames["asked"]["seeker_id"]) == {"E001"}
    assert not set(frames["feeds"]["upstream"]) & {"银行授信", "机器人检测认证"}
    assert frames["similar"]["similar"].between(0, 1, inclusive="right").all()
    known = set(ledger.supplies["customer_id"][ledger.supplies["supplier_id"].eq("E001")])
    assert set(frames["known"].query("seeker_id == 'E001'")["counterpart_id"]) == known
    few = evidence_frames(ledger, ["E001"], "customer", max_makers=2)["offers"]
    assert few["product"].value_counts().max() <= 2
