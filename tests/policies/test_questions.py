"""The questions that the probability of an answer is fitted on."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

DATA = Path(__file__).parents[1] / "data"


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"policy_{name}.csv", keep_default_na=False, dtype=str)


def test_only_answerable_questions_about_invented_documents_name_a_clause():
    clauses, asked = read("clauses_invented"), read("questions_invented")
    assert clauses["clause_id"].is_unique
    assert asked["kind"].value_counts().to_dict() == {"near_miss": 129, "answerable": 80, "unrelated": 35}
    answerable = asked[asked["kind"].eq("answerable")]
    document = clauses.set_index("clause_id")["document"]
    assert (answerable["clause_id"].map(document) == answerable["document"]).all()
    others = asked[asked["kind"].ne("answerable")]
    assert others["clause_id"].eq("").all()
    near = others["kind"].eq("near_miss")
    assert others.loc[near, "document"].isin(clauses["document"]).all()
    assert others.loc[~near, "document"].eq("").all()


def test_no_question_stands_twice():
    files = sorted(DATA.glob("policy_questions_*.csv"))
    asked = pd.concat([read(path.stem.removeprefix("policy_")) for path in files], ignore_index=True)
    assert len(files) == 7
    assert asked["question"].duplicated().sum() == 0
