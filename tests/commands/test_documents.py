import pandas as pd

from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.sheet_reading import read_sheets


def test_policies_writes_a_table_that_a_ledger_takes(liaison, source, tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    text = "合成办法\n第一条 鱼复片区职工人数50人以上的企业，补助3万元。\n第二条 自2022年1月1日起施行。\n"
    (folder / "a.txt").write_text(text, encoding="utf-8")
    out = tmp_path / "clauses.xlsx"
    assert liaison("policies", folder, out, "--town", "鱼复").exit_code == 0
    clauses, words, *_ = read_sheets(out)
    assert [row[0] for row in clauses.rows] == ["条款编号", "a-第一条", "a-第二条"]
    assert ["a-第一条", "最低人数", "50", "职工人数50人以上"] in words.rows
    header, *rows = clauses.rows
    table = pd.DataFrame([row + [""] * (len(header) - len(row)) for row in rows], columns=header)
    table.to_csv(source / "政策条款.csv", index=False)
    read = read_ledger(source).policies.iloc[0]
    assert (read["town"], read["min_headcount"], read["valid_from"]) == (
        "鱼复",
        50,
        pd.Timestamp("2022-01-01"),
    )
    again = liaison("policies", folder, folder / "clauses.xlsx")
    assert again.exit_code == 1
    assert "lies in the folder that is read" in again.output


def test_a_handbook_is_written_again_as_long_as_nobody_changed_it(liaison, tmp_path):
    folder, out = tmp_path / "documents", tmp_path / "handbook"
    folder.mkdir()
    text = "合成办法\n第一条 职工人数50人以上的企业，补助3万元。\n第二条 自2022年1月1日起施行。\n"
    (folder / "a.txt").write_text(text, encoding="utf-8")
    assert [liaison("handbook", folder, out).exit_code for _ in range(2)] == [0, 0]
    page = out / "handbook.html"
    assert liaison("handbook", folder, out, "--on", "2022-06-01").exit_code == 0
    assert "截至2022年6月1日" in page.read_text(encoding="utf-8")
    assert liaison("handbook", folder, out, "--on", "2021-06-01").exit_code == 1
    page.write_text(page.read_text(encoding="utf-8").replace("generator", "x"), encoding="utf-8")
    assert "handbook.html is there already" in liaison("handbook", folder, out).stderr
