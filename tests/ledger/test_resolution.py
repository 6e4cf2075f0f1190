from __future__ import annotations

import openpyxl
import pandas as pd
from helpers.named_demands import ALIASES, DEMANDS, ROSTER
from typer.testing import CliRunner

from liaison_analysis.__main__ import app
from liaison_analysis.ledger.frames import with_aliases
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.resolution import REVIEW_COLUMNS, resolve_sheets
from liaison_analysis.ledger.sheets import Sheet

DATES = ["valid_from", "valid_to"]


def test_names_become_ids_and_the_unsure_are_listed():
    (roster, _, demands), review = resolve_sheets([ROSTER, ALIASES, DEMANDS])
    assert roster is ROSTER
    assert demands.rows[1] == ["诉求编号", "企业名称", "提出日期", "诉求内容", "enterprise_id"]
    assert demands.rows[2] == ["D1", "澄砚轴承", "2022-03-01", "停车难", "E3"]
    assert demands.rows[3] == []
    assert demands.rows[4][-1] == "E3"
    assert demands.rows[6] == ["D5", "", "2022-03-02", "没有写企业"]
    assert list(review) == REVIEW_COLUMNS
    assert review[["row", "column", "written", "status"]].to_numpy().tolist() == [
        [4, "enterprise_id", "云岫机器人", "ambiguous"],
        [6, "enterprise_id", "山城轴瓦", "ambiguous"],
    ]
    assert DEMANDS.rows[3][1] == "云岫机器人"


def test_a_rows_town_decides_between_enterprises_of_one_name():
    roster = Sheet(
        "企业名录",
        [
            ["企业编号", "企业名称", "所属新城"],
            ["E1", "沅溪医药有限公司", "水土"],
            ["E2", "沅溪医药股份有限公司", "龙兴"],
        ],
    )
    demands = Sheet(
        "企业诉求",
        [
            ["诉求编号", "企业名称", "提出日期", "诉求内容", "所属新城"],
            ["D1", "沅溪医药", "2022-03-01", "停车难", "龙兴新城"],
            ["D2", "沅溪医药", "2022-03-01", "停车难", "水土"],
            ["D3", "沅溪医药", "2022-03-01", "停车难", ""],
            ["D4", "沅溪医药", "2022-03-01", "停车难", "鱼复"],
        ],
    )
    supplies = Sheet("供货关系", [["供应商", "客户", "产品", "园区"], ["沅溪医药", "E1", "药", "龙兴"]])
    (_, demands, supplies), review = resolve_sheets([roster, demands, supplies])
    assert [row[-1] for row in demands.rows if row] == ["enterprise_id", "E2", "E1"]
    assert review[["sheet", "row", "status"]].to_numpy().tolist() == [
        ["企业诉求", 4, "ambiguous"],
        ["企业诉求", 5, "ambiguous"],
        ["供货关系", 2, "ambiguous"],  # whose town it is, the row does not say
    ]


def test_an_answer_changes_no_row_that_was_certain_without_it():
    extra = pd.DataFrame([("E2", "山城轴瓦", pd.NaT, pd.NaT)], columns=["enterprise_id", "alias", *DATES])
    (_, _, demands), review = resolve_sheets([ROSTER, ALIASES, DEMANDS], extra)
    assert demands.rows[4][-1] == "E3"  # in 2018 it was E3's name
    assert demands.rows[5][-1] == "E2"  # in 2022 the clerk's answer counts
    assert review["written"].tolist() == ["云岫机器人"]


def test_names_among_ids_and_two_columns_of_them():
    visits = Sheet(
        "走访", [["走访编号", "干部编号", "企业编号", "走访日期"], ["V1", "P1", "澄砚轴承", "2022-01-01"]]
    )
    supplies = Sheet(
        "供货关系", [["供应商", "客户", "产品"], ["E1", "澄砚轴承", "轴承"], ["云岫", "E3", "轴承"]]
    )
    (_, visits, supplies), review = resolve_sheets([ROSTER, visits, supplies])
    assert visits.rows[1] == ["V1", "P1", "E3", "2022-01-01"]
    assert supplies.rows[:2] == [
        ["供应商", "客户", "产品", "supplier_id", "customer_id"],
        ["E1", "澄砚轴承", "轴承", "E1", "E3"],
    ]
    assert supplies.rows[2] == []
    assert review[["row", "column", "written"]].to_numpy().tolist() == [[3, "supplier_id", "云岫"]]


def test_a_ledger_that_gives_ids_stays_as_it_is():
    demands = Sheet(
        "诉求", [["编号", "企业编号", "提出日期", "诉求内容"], ["D1", "E1", "2022-01-01", "停车"]]
    )
    sheets, review = resolve_sheets([ROSTER, demands])
    assert [sheet.rows for sheet in sheets] == [ROSTER.rows, demands.rows]
    assert review.empty
    assert resolve_sheets([demands])[0] == [demands]


def test_read_ledger_resolves_names_on_request(tmp_path):
    for sheet in (ROSTER, ALIASES, DEMANDS):
        rows = [[*row, "电话 13812345678" if "云岫机器人" in row else ""] for row in sheet.rows]
        (tmp_path / f"{sheet.name}.csv").write_text("\n".join(",".join(r) for r in rows), encoding="utf-8")
    asked = read_ledger(tmp_path)
    assert asked.demands["demand_id"].tolist() == ["D1", "D2", "D3", "D4"]
    assert "没有写企业" in asked.left_out["value"].tolist()
    text = (tmp_path / "企业诉求.csv").read_text(encoding="utf-8")
    (tmp_path / "企业诉求.csv").write_text(
        text.replace("D5,,2022-03-02,没有写企业,\n", "").replace("D5,,2022-03-02,没有写企业,", "")
        + "D6,13912345678云岫,2022-03-03,停车",
        encoding="utf-8",
    )
    ledger = read_ledger(tmp_path, resolve=True)
    assert ledger.demands[["demand_id", "enterprise_id"]].to_numpy().tolist() == [["D1", "E3"], ["D3", "E3"]]
    assert ledger.review["written"].tolist()[:2] == ["云岫机器人", "山城轴瓦"]
    assert "3 questions are open" in ledger.notes[-1]
    assert "13912345678" not in ledger.review.to_string()
    assert ledger.review["row"].tolist() == [4, 6, 7]


def test_liaison_resolve_asks_and_takes_the_answers(tmp_path):
    source = tmp_path / "ledger"
    source.mkdir()
    demands = [row for row in DEMANDS.rows[1:] if row[1]]
    for name, rows in ((ROSTER.name, ROSTER.rows), (DEMANDS.name, demands)):
        (source / f"{name}.csv").write_text("\n".join(",".join(r) for r in rows), encoding="utf-8")
    review, out = tmp_path / "review.xlsx", tmp_path / "out.xlsx"
    run = CliRunner().invoke
    asked = run(app, ["resolve", str(source), str(review)])
    assert asked.exit_code == 0, asked.output
    assert "2 names" in asked.output
    assert run(app, ["resolve", str(source), str(review)]).exit_code == 0  # nobody has answered yet
    book = openpyxl.load_workbook(review)
    sheet = book["review"]
    assert [sheet["A2"].value, sheet["A3"].value] == ["云岫机器人", "山城轴瓦"]
    sheet["B2"] = "E2 佛山云岫机器人有限公司"
    book.save(review)
    again = run(app, ["resolve", str(source), str(review)])
    assert "is there already" in again.stderr
    taken = run(app, ["resolve", str(source), str(review), "--out", str(out)])
    assert taken.exit_code == 0, taken.output
    assert "1 answers, 2 rows left out" in taken.output
    ledger = read_ledger(out)
    assert ledger.demands[["demand_id", "enterprise_id"]].to_numpy().tolist() == [["D1", "E3"], ["D2", "E2"]]
    assert ledger.aliases[["enterprise_id", "alias"]].to_numpy().tolist() == [["E2", "云岫机器人"]]


def test_an_answer_takes_the_dates_of_an_alias_away(tmp_path):
    for sheet in (ROSTER, ALIASES, DEMANDS):
        rows = [row for row in sheet.rows if "D5" not in row]
        (tmp_path / f"{sheet.name}.csv").write_text("\n".join(",".join(r) for r in rows), encoding="utf-8")
    answers = pd.DataFrame([("E3", "山城轴瓦", pd.NaT, pd.NaT)], columns=["enterprise_id", "alias", *DATES])
    before = read_ledger(tmp_path, resolve=True)
    ledger = with_aliases(read_ledger(tmp_path, resolve=True, aliases=answers), answers)
    assert before.demands["demand_id"].tolist() == ["D1", "D3"]
    assert ledger.demands["demand_id"].tolist() == ["D1", "D3", "D4"]
    assert before.aliases["valid_to"].tolist() == [pd.Timestamp("2019-12-31")]
    assert ledger.aliases["alias"].tolist() == ["山城轴瓦"]
    assert ledger.aliases["valid_to"].isna().all()
    assert ledger.aliases.dtypes.equals(before.aliases.dtypes)
