import pandas as pd
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.datasets import shipped
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.writing import write_ledger
from liaison_analysis.policies import policy_evidence, read_policies

FOLDER = shipped("data/liangjiang") / "policies"
TOWNS = ["鱼复", "水土", "龙兴"]


def test_the_sample_becomes_a_table_of_the_ledger(tmp_path):
    clauses = read_policies(FOLDER, towns=TOWNS)
    assert (clauses["policy"].nunique(), len(clauses)) == (14, 93)
    assert clauses["clause_id"].is_unique
    row = clauses.set_index("clause_id").loc["02_专精特新-第五条"]
    assert (row["category"], row["min_headcount"], row["chapter"]) == ("专精特新", 50, "第三章 服务")
    assert (row["valid_from"], row["valid_to"]) == (pd.Timestamp("2022-03-01"), pd.Timestamp("2025-02-28"))
    assert row["benefit"] == "免费提供申报材料诊断一次"
    assert clauses["policy"].str.contains("合成").all()
    sample = read_ledger(shipped("data/liangjiang"))
    ledger = Ledger(enterprises=sample.enterprises, demands=sample.demands, policies=clauses)
    write_ledger(ledger, tmp_path / "ledger.xlsx")
    assert read_ledger(tmp_path / "ledger.xlsx").policies["text"].tolist() == clauses["text"].tolist()


def test_evidence_names_words_of_the_document():
    evidence = policy_evidence(FOLDER, towns=TOWNS)
    texts = read_policies(FOLDER, towns=TOWNS).set_index("clause_id")["text"]
    some = evidence[
        evidence["field"].isin(["town", "industry_prefix", "category", "min_headcount", "threshold"])
    ]
    assert len(some) == 56
    for clause_id, words in zip(some["clause_id"], some["words"], strict=True):
        assert all(part in texts[clause_id] for part in words.split("、")), (clause_id, words)
    clauses_without_dates = set(texts.index) - set(
        evidence.loc[evidence["field"].eq("valid_to"), "clause_id"]
    )
    assert {clause[:2] for clause in clauses_without_dates} == {"10"}


def test_every_unreadable_document_is_told_at_once(tmp_path):
    (tmp_path / "好.txt").write_text("某办法\n第一条 给予补助。\n", encoding="utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "旧.DOC").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "清单.xlsx").write_bytes(b"no document")
    (tmp_path / "~$好.docx").write_bytes(b"lock")
    with pytest.raises(LedgerError) as caught:
        read_policies(tmp_path)
    assert sorted(caught.value.problems["sheet"]) == ["坏.pdf", "旧.DOC", "空.txt"]
    with pytest.raises(LedgerError, match="nowhere: does not exist; name a folder"):
        read_policies(tmp_path / "nowhere")
    (tmp_path / "bare").mkdir()
    with pytest.raises(LedgerError, match="holds no policy document"):
        read_policies(tmp_path / "bare")
    assert read_policies(tmp_path / "好.txt")["clause_id"].tolist() == ["好-第一条"]


def test_a_number_that_comes_twice_keeps_both_clauses(tmp_path):
    (tmp_path / "a.txt").write_text("某办法\n第一条 甲。\n附件1\n第一条 乙。\n", encoding="utf-8")
    assert read_policies(tmp_path)["clause_id"].tolist() == ["a-第一条", "a-第一条~2"]
