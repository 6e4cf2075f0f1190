import os
import pathlib
import re

import pandas as pd
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.datasets import shipped
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.writing import write_ledger
from liaison_analysis.policies import policy_documents, policy_evidence, read_policies

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


def test_one_error_names_every_unreadable_document(tmp_path):
    (tmp_path / "好.txt").write_text("某办法\n第一条 给予补助。\n", encoding="utf-8")
    (tmp_path / "空.txt").write_bytes(b"")
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "旧.OFD").write_bytes(b"\xd0\xcf\x11\xe0")
    (tmp_path / "清单.xlsx").write_bytes(b"no document")
    (tmp_path / "~$好.docx").write_bytes(b"lock")
    with pytest.raises(LedgerError) as caught:
        read_policies(tmp_path)
    assert sorted(caught.value.problems["sheet"]) == ["坏.pdf", "旧.OFD", "空.txt"]
    with pytest.raises(LedgerError, match="nowhere: does not exist; name a folder"):
        read_policies(tmp_path / "nowhere")
    (tmp_path / "bare").mkdir()
    with pytest.raises(LedgerError, match="holds no policy document"):
        read_policies(tmp_path / "bare")
    assert read_policies(tmp_path / "好.txt")["clause_id"].tolist() == ["好-第一条"]


def test_a_number_that_comes_twice_keeps_both_clauses(tmp_path):
    (tmp_path / "a.txt").write_text("某办法\n第一条 甲。\n附件1\n第一条 乙。\n", encoding="utf-8")
    assert read_policies(tmp_path)["clause_id"].tolist() == ["a-第一条", "a-第一条~2"]


def write_page(path, body, **stated):
    metas = "".join(f"<meta name='{name}' content='{value}'>" for name, value in stated.items())
    path.write_text(f"<meta charset='utf-8'>{metas}<div>{body}</div>", encoding="utf-8")


def test_documents_are_listed_with_what_they_state(tmp_path):
    write_page(
        tmp_path / "a.html",
        "<p>某经规〔2024〕3号</p><p>2024年7月26日</p><p>第一条 奖励10万元。</p><p>第三条 本办法自印发之"
        "日起施行，有效期三年。</p>"
        "<p>附件：<a href='b.docx'>申请表</a></p>",
        ArticleTitle="某局关于印发某办法的通知",
    )
    write_page(tmp_path / "list.html", "".join(f"<p><a href='{i}'>关于{i}的通知</a></p>" for i in range(9)))
    first, second = policy_documents(tmp_path).to_dict("records")
    assert (first["policy"], first["issuer"], first["document_number"]) == (
        "某局关于印发某办法的通知", "某局", "某经规〔2024〕3号",
    )  # fmt: skip
    assert (first["valid_from"], first["valid_to"]) == (
        pd.Timestamp("2024-07-26"),
        pd.Timestamp("2027-07-25"),
    )
    assert (first["articles"], first["numbering"], first["attachments"]) == (
        2,
        "第一条…第三条, missing: 第二条",
        "申请表",
    )
    assert (second["clauses"], second["note"]) == (
        0,
        "only lists links to documents; save the pages that they open",
    )
    clauses = read_policies(tmp_path)
    assert clauses["issued_on"].tolist() == [pd.Timestamp("2024-07-26")] * 2
    with pytest.raises(LedgerError, match="only lists links to documents"):
        read_policies(tmp_path / "list.html")


def test_cards_of_a_collection_have_a_validity_each(tmp_path):
    (tmp_path / "cards.txt").write_text(
        "惠企政策汇编\n一、设备补贴\n（一）按8%补贴。\n（二）政策有效期：2023年1月1日至2023年12月31日。\n"
        "二、贷款贴息\n（一）贴息1%。\n（二）政策有效期：2024年1月1日至2026年12月31日。\n三、培训\n（一）补贴500元。\n",
        encoding="utf-8",
    )
    ends = read_policies(tmp_path).set_index("article")["valid_to"]
    assert ends["一、（一）"] == pd.Timestamp("2023-12-31")
    assert ends["二、（一）"] == pd.Timestamp("2026-12-31")
    assert ends.isna().tolist() == [False, False, False, False, True]


def test_personal_data_of_documents_and_their_names_is_masked(tmp_path):
    for number in ("13983412226", "13608312245"):
        text = "合成办法\n第一条 补助3万元，联系人王敏，电话023-67891234。\n第二条 自2022年1月1日起施行。\n"
        (tmp_path / f"王敏{number}.txt").write_text(text, encoding="utf-8")
    clauses = read_policies(tmp_path)
    assert clauses["clause_id"].tolist() == [
        f"王敏[手机号 {n}]-{article}" for n in (1, 2) for article in ("第一条", "第二条")
    ]
    assert clauses["text"].iloc[0] == "补助3万元，联系人王敏，电话[固定电话]。"
    written = clauses.astype("str").to_csv() + policy_documents(tmp_path).astype("str").to_csv()
    assert not re.search("1398341|1360831|67891234", written)


def test_a_document_that_cannot_be_read_is_named_by_its_masked_name(tmp_path):
    (tmp_path / "王敏13983412226.txt").touch()
    with pytest.raises(LedgerError) as caught:
        read_policies(tmp_path)
    assert "13983412226" not in str(caught.value)
    assert caught.value.problems["sheet"].tolist() == ["王敏[手机号 1].txt"]


def test_names_in_any_bytes_and_links_out_of_the_folder(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    text = "某办法\n第一条 给予补助。\n".encode()
    (tmp_path / "outside.txt").write_bytes(text)
    (folder / "in.txt").write_bytes(text)
    with (pathlib.Path(os.fsdecode(os.fsencode(folder) + b"/\xb0\xec\xb7\xa8.txt"))).open("wb") as file:
        file.write(text)
    (folder / "out.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "same.txt").symlink_to(folder / "in.txt")
    documents = policy_documents(folder).set_index("file")
    assert documents["clauses"].to_dict() == {"in.txt": 1, "out.txt": 0, "same.txt": 1, "办法.txt": 1}
    assert documents.loc["out.txt", "note"] == "is a link that leads out of the folder and was not followed"
    assert read_policies(folder)["clause_id"].tolist() == ["in-第一条", "same-第一条", "办法-第一条"]


def test_a_collection_of_acts_has_no_validity_as_a_whole(tmp_path):
    acts = "某汇编\n某区总部办法\n第一条 奖励。\n第二条 本办法自2024年1月1日起施行，有效期3年。\n"
    acts += "某区算力办法\n第一条 奖励。\n第二条 本办法自2023年6月1日起施行，有效期2年。\n"
    (tmp_path / "acts.txt").write_text(acts, encoding="utf-8")
    assert policy_documents(tmp_path)["valid_to"].isna().all()
    ends = read_policies(tmp_path)["valid_to"].dt.strftime("%Y-%m-%d")
    assert ends.tolist() == ["2026-12-31"] * 2 + ["2025-05-31"] * 2


def test_an_act_that_a_decision_republishes_is_in_force_from_its_own_day(tmp_path):
    text = "关于修改《某基金办法》的决定\n一、规模改为12亿元。\n二、删去第三条。\n"
    text += "本决定自2023年10月1日起施行。\n"
    text += "某市基金办法\n第一条 奖励。\n第二条 本办法自2020年6月1日起施行。\n"
    text += "附件1\n某细则\n第一条 备案。\n"
    (tmp_path / "decision.txt").write_text(text, encoding="utf-8")
    starts = read_policies(tmp_path)["valid_from"].dt.strftime("%Y-%m-%d").tolist()
    assert starts == ["2023-10-01"] * 2 + ["2020-06-01"] * 3


def test_cards_in_tables_have_a_validity_each(tmp_path):
    card = (
        "<h4>{n}. {name}</h4><table><tr><td>标准</td><td>奖励{n}万元</td></tr><tr><td>政策有效期</td>"
        "<td>{days}</td></tr><tr><td>申报时间</td><td>2024年5月1日—2024年6月30日</td></tr></table>"
    )
    cards = [
        ("稳岗", "2024年1月1日至2024年12月31日"),
        ("保险", "2023年6月1日至2028年5月31日"),
        ("街区", "长期"),
    ]
    body = "".join(card.format(n=n, name=name, days=days) for n, (name, days) in enumerate(cards, 1))
    write_page(tmp_path / "cards.html", body, ArticleTitle="某市惠企政策卡")
    found = read_policies(tmp_path)
    assert found["valid_to"].dt.strftime("%Y-%m-%d").fillna("").tolist() == ["2024-12-31", "2028-05-31", ""]
    assert found["apply_to"].dt.strftime("%m-%d").tolist() == ["06-30"] * 3


def test_a_notice_that_changes_another_acts_period_is_no_collection(tmp_path):
    text = "关于调整《某细则》的通知\n一、第九条调整为“有效期至2026年12月31日”。\n"
    text += "二、每人发放1500元。\n三、本通知自2024年7月1日起施行。\n"
    (tmp_path / "notice.txt").write_text(text, encoding="utf-8")
    starts = read_policies(tmp_path)["valid_from"].dt.strftime("%Y-%m-%d")
    assert starts.tolist() == ["2024-07-01"] * 3


def test_lines_of_a_card_that_labels_begin_stay_lines(tmp_path):
    card = "<h3>{n}、{name}</h3><p>内容：奖励{n}万元</p><p>有效期：{days}</p>"
    card += "<p>申报时间：2025年9月1日至2025年9月30日</p>"
    days = "2024年5月1日至2027年4月30日", "2023年1月1日至2025年12月31日"
    body = "".join(
        card.format(n=n, name=name, days=one) for n, name, one in zip("一二", ("甲", "乙"), days, strict=True)
    )
    write_page(tmp_path / "cards.html", body, ArticleTitle="某市政策速览")
    found = read_policies(tmp_path)
    assert found["text"].iloc[0] == (
        "甲：\n内容：奖励一万元\n有效期：2024年5月1日至2027年4月30日\n申报时间：2025年9月1日至2025年9月30日"
    )
    assert found["valid_to"].dt.strftime("%Y-%m-%d").tolist() == ["2027-04-30", "2025-12-31"]
    assert found["apply_to"].dt.strftime("%Y-%m-%d").tolist() == ["2025-09-30"] * 2
