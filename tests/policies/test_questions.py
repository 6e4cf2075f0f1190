"""The questions that the probability of an answer is fitted on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[1] / "data"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"policy_{name}.csv", keep_default_na=False, dtype=str)


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("invented", {"near_miss": 129, "answerable": 80, "unrelated": 35}),
        ("invented_2", {"near_miss": 230, "answerable": 210, "unrelated": 100}),
        ("invented_3", {"near_miss": 146, "answerable": 120, "unrelated": 48}),
    ],
)
def test_only_answerable_questions_about_invented_documents_name_a_clause(name, counts):
    clauses, asked = read(f"clauses_{name}"), read(f"questions_{name}")
    assert clauses["clause_id"].is_unique
    assert asked["kind"].value_counts().to_dict() == counts
    answerable = asked[asked["kind"].eq("answerable")]
    document = clauses.set_index("clause_id")["document"]
    assert (answerable["clause_id"].map(document) == answerable["document"]).all()
    others = asked[asked["kind"].ne("answerable")]
    assert others["clause_id"].eq("").all()
    near = others["kind"].eq("near_miss")
    assert others.loc[near, "document"].isin(clauses["document"]).all()
    assert others.loc[~near, "document"].eq("").all()
    if "differs" in asked:
        assert (asked["differs"].ne("") == asked["kind"].eq("near_miss")).all()


def test_each_later_near_miss_has_a_clause_that_would_answer_it():
    asked = pd.concat([read("questions_invented_2"), read("questions_invented_3")], ignore_index=True)
    near = asked[asked["kind"].eq("near_miss")]
    assert read("clauses_near_misses")["question"].tolist() == near["question"].tolist()


def test_no_question_stands_twice():
    files = sorted(DATA.glob("policy_questions_*.csv"))
    asked = pd.concat([read(path.stem.removeprefix("policy_")) for path in files], ignore_index=True)
    assert len(files) == 9
    assert asked["question"].duplicated().sum() == 0
