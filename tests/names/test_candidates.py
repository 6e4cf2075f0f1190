import numpy as np
import pandas as pd
import pytest

from liaison_analysis.names.candidates import score_crowd, score_names
from liaison_analysis.names.features import FEATURES, WEIGHTS
from liaison_analysis.names.parts import take_apart
from liaison_analysis.names.register import AMONG_STRANGERS
from liaison_analysis.names.roster import build_roster

# The cosine alone decides, so that names without a common character have the odds of the constant.
BY_COSINE = np.zeros_like(WEIGHTS)
BY_COSINE[:, FEATURES.index("cosine")] = 4.0


@pytest.fixture(scope="module")
def roster():
    enterprises = pd.DataFrame(
        {"enterprise_id": ["B", "A", "C"], "name": ["云岫轴承", "云岫轴承厂", "澄砚食品"]}
    )
    aliases = pd.DataFrame(
        {"enterprise_id": ["C", "C"], "alias": ["云岫旧名", "澄砚"], "valid_to": ["1970-01-10", None]}
    )
    return build_roster(enterprises, aliases)


def test_the_best_name_of_an_enterprise_counts_and_the_best_enterprise_is_first(roster):
    ((ranked, containing),) = score_names(roster, take_apart(["澄砚食"]), [None], weights=BY_COSINE)
    assert [enterprise for enterprise, _ in ranked] == [2]
    assert 0.5 < ranked[0][1] < 1
    assert containing == [2]


def test_an_alias_outside_of_its_days_is_no_candidate(roster):
    early, late, any_day = score_names(roster, take_apart(["云岫旧名"] * 3), [9, 10, None], weights=BY_COSINE)
    assert early.ranked[0][0] == any_day.ranked[0][0] == 2
    assert early.containing == [2]
    assert 2 not in dict(late.ranked)
    assert late.containing == []


def test_the_rosters_own_names_look_for_another_enterprise(roster):
    parts = roster.parts[:3]
    scored = list(score_names(roster, parts, [None] * 3, weights=BY_COSINE, without_self=True))
    assert [[enterprise for enterprise, _ in one.ranked][:1] for one in scored] == [[1], [0], []]


def test_equal_probabilities_are_ranked_by_id(roster):
    flat = np.zeros_like(WEIGHTS)
    ((ranked, containing),) = score_names(roster, take_apart(["云岫轴"]), [None], weights=flat)
    # Four options with equal odds: three enterprises that share a character, and none of them.
    assert ranked == [(1, 0.25), (0, 0.25), (2, 0.25)]
    assert containing == [0, 1]


def test_a_name_that_is_written_twice_competes_once(roster):
    flat = np.zeros_like(AMONG_STRANGERS)
    once = list(score_crowd(roster, take_apart(["澄砚"]), [None], weights=flat))
    twice = list(score_crowd(roster, take_apart(["澄砚", "澄砚", "澄砚"]), [None, None, 3], weights=flat))
    assert twice[0] == twice[1]
    # One name: x = (1 − x)², x = .382. On another day it is another name that competes with it:
    # x = (1 − x)(1 − 2x), x = .293.
    assert once[0].ranked == [(2, pytest.approx(0.382, abs=1e-3))]
    assert twice[0].ranked[0][1] == twice[2].ranked[0][1] == pytest.approx(0.293, abs=1e-3)


def test_an_empty_roster_has_no_candidates():
    empty = build_roster(pd.DataFrame({"enterprise_id": [], "name": []}))
    assert list(score_names(empty, take_apart(["甲乙"]), [None])) == [([], [])]
    assert list(score_crowd(empty, take_apart(["甲乙"]), [None])) == [([], [])]
