import pandas as pd

from liaison_analysis.analysis.service_texts import policies_text, visits_text

NONE = pd.DataFrame()


def test_policies_say_what_is_to_be_asked_of_the_authorities():
    expiring = pd.DataFrame({"policy": ["办法", "办法"]})
    text = policies_text(3, 2, 1, expiring)
    assert text.en == (
        "3 demands ask about policy: a clause answers 2, none answers 1; these are to be asked of the "
        "authorities. 2 clauses end within sixty days, of 办法."
    )
    assert policies_text(1, 1, 0, NONE).zh == "涉及政策的诉求1条，1条找到条款，0条没有条款可答。"


def test_visits_due_and_the_plan():
    coverage = pd.DataFrame({"due": [1, 1], "covered": [1, 0], "team_complete": [True, True]})
    plan = pd.DataFrame({"week": [1, 2]})
    plan.attrs |= {"gap": 0.0004, "trips": 2, "most": 1}
    assert visits_text(coverage, plan).en == (
        "1 of 2 visits due in the quarter were made; 2 of 2 teams are complete. The next "
        "quarter's plan makes 2 visits in 2 trips, at most 1 an officer, within 0.04% of the best."
    )


def test_policies_say_how_many_demands_were_not_compared():
    text = policies_text(1000, 1000, 0, NONE, left_out=1234)
    assert "1,234 older ones were not compared" in text.en
    assert "另有1234条较早的因数量过多，未与条款比对" in text.zh
    assert "not compared" not in policies_text(1000, 1000, 0, NONE).en
