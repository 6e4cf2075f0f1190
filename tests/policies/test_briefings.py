import itertools
from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis.ledger import load_liangjiang
from liaison_analysis.policies import plan_briefings
from liaison_analysis.policies.briefings import WORTH


@pytest.fixture(scope="module")
def ledger():
    return load_liangjiang()


def test_nobody_is_invited_twice_for_the_same_policy_and_seats_are_kept(ledger):
    plan = plan_briefings(ledger, sessions=160, seats=12, on="2022-12-01")
    invited = plan.invitations.merge(plan.sessions, on="session")
    assert not invited.duplicated(["enterprise_id", "policy"]).any()
    assert plan.sessions["n_invited"].max() <= 12
    assert plan.invitations.groupby("session").size().tolist() == plan.sessions["n_invited"].tolist()
    worth = plan.invitations["n_sure"] * WORTH[True] + plan.invitations["n_unsure"] * WORTH[False]
    pd.testing.assert_series_equal(
        worth.groupby(plan.invitations["session"]).sum().reset_index(drop=True),
        plan.sessions["worth"],
        check_names=False,
    )


def test_nobody_is_invited_for_a_copy_of_a_policy_they_were_invited_for(ledger):
    copy = ledger.policies.assign(
        clause_id="copy-" + ledger.policies["clause_id"],
        policy=ledger.policies["policy"] + "（转载）",
        text=ledger.policies["text"].str.replace("，", "， "),
    )
    twice = replace(ledger, policies=pd.concat([ledger.policies, copy], ignore_index=True))
    once, plan = (plan_briefings(one, sessions=10_000, seats=12) for one in (ledger, twice))
    assert plan.invitations.equals(once.invitations)
    clauses = plan.invitations.assign(clause=plan.invitations["clauses"].str.split("；")).explode("clause")
    assert not clauses.duplicated(["enterprise_id", "clause"]).any()
    assert len(clauses) > 1000


def test_no_other_sessions_are_worth_more(ledger):
    few = plan_briefings(ledger, sessions=3, seats=5)
    every = plan_briefings(ledger, sessions=10_000, seats=5).sessions["worth"]
    assert few.sessions["worth"].sum() == max(
        sum(some) for some in itertools.combinations(every.nlargest(8), 3)
    )
    assert plan_briefings(ledger, sessions=3, seats=5).invitations.equals(few.invitations)


def test_policies_out_of_force_are_not_presented(ledger):
    held = set(plan_briefings(ledger, on="2024-06-01").sessions["policy"])
    ended = ledger.policies.loc[ledger.policies["valid_to"].lt("2024-06-01"), "policy"]
    assert len(ended)
    assert not held & set(ended)


@pytest.mark.parametrize("wrong", [{"sessions": 0}, {"seats": 1.5}])
def test_wrong_numbers_are_refused(ledger, wrong):
    with pytest.raises(ValueError, match=r"(sessions|seats): expected a whole number from 1"):
        plan_briefings(ledger, **wrong)
