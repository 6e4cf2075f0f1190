import csv
import datetime as dt
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from helpers.ledger_files import places, small_ledger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.cell_looks import is_ditto
from liaison_analysis.ledger.cells import cell_text
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.schema import STATUSES, TABLES
from liaison_analysis.ledger.splitting import split_products
from liaison_analysis.ledger.writing import write_ledger
from liaison_analysis.text import asks_nothing

# Writing, and reading what was written.


_NASTY = st.one_of(
    st.sampled_from(
        [
            "=1+1",
            "'=1",
            "+86",
            "-",
            "@x",
            '"',
            '""a"',
            "a,b",
            "a\nb",
            "a\r\nb",
            " lead ",
            "００１",
            "007",
            "_x000D_",
            "_x0041_",
            "😀\n=2",
            "\t=1",
            "NaN",
            "nan",
            "None",
            "NULL",
            "TRUE",
            "1.0",
            "1e5",
            "2022-01-01",
            "<b>&amp;",
            "\x07",
            "\u200b",
            "\ufeff",
            "\x85",
            "\u2028",
            "长" * 3000,
        ]
    ),
    st.text(st.characters(codec="utf-8"), max_size=20),
)

_HEADERS = st.sampled_from(
    ["备注", "", "=cmd", "note", "Note", "column_1", "a\tb", "a\nb", "'", "序号,号", "备注_2", "长" * 99]
)

# Earlier days of a workbook are taken for numbers under a date format (6.15, 2022), and refused.
_DAYS = st.dates(dt.date(1910, 1, 1), dt.date(2100, 12, 31)).map(pd.Timestamp) | st.none()


def _readable(text):
    """Whether a text stands for itself: not blank, and not like a number that Excel shortened."""
    kept = cell_text(text)
    if asks_nothing(kept) or is_ditto(kept):
        return False  # such words stand for no demand, or for the cell above
    return kept and not re.fullmatch(r"-?\d(\.\d+)?[eE]\+\d\d", kept)


@st.composite
def ledgers(draw):
    text = _NASTY.filter(_readable)
    maybe = text | st.none()
    extra = draw(st.lists(_HEADERS, max_size=4))

    ids = draw(st.lists(text, min_size=1, max_size=4, unique_by=cell_text))
    demand_ids = draw(st.lists(text, min_size=1, max_size=4, unique_by=cell_text))
    # A cell that lists products is read as one row for each.
    one_product = text.filter(lambda cell: len(split_products(cell_text(cell))) == 1)
    products = draw(st.lists(one_product, min_size=1, max_size=3, unique_by=cell_text))

    def many(cells, n):
        return draw(st.lists(cells, min_size=n, max_size=n))

    n = len(demand_ids)
    enterprises = pd.DataFrame(
        {"enterprise_id": ids, "name": many(text, len(ids)), "town": many(maybe, len(ids))}
    )
    enterprises["headcount"] = pd.array(many(st.integers(0, 10**9) | st.none(), len(ids)), dtype="Int64")
    asked = pd.DataFrame(
        {
            "demand_id": demand_ids,
            "enterprise_id": many(st.sampled_from(ids), n),
            "raised_on": many(_DAYS.filter(lambda day: day is not None), n),
            "text": many(text, n),
            "in_remit": pd.array(many(st.booleans() | st.none(), n), dtype="boolean"),
            "status": many(st.sampled_from([*TABLES["demands"]["status"].choices, None]), n),
        }
    )
    more = pd.DataFrame([many(maybe, n) for _ in extra], index=extra).T.set_axis(asked.index)
    offers = pd.DataFrame({"enterprise_id": [ids[0]] * len(products), "product": products})
    offers["weight"] = pd.array(many(st.floats(0, 1) | st.none(), len(products)), dtype="Float64")
    tables = {"enterprises": enterprises, "demands": pd.concat([asked, more], axis=1), "offers": offers}
    return Ledger(**{name: typed(name, frame) for name, frame in tables.items()})


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(ledgers(), st.sampled_from([("a.xlsx", "en"), ("a.xlsx", "zh"), ("folder", "en"), ("folder", "zh")]))
def test_what_was_written_is_read_back(tmp_path_factory, ledger, how):
    name, language = how
    path = write_ledger(ledger, tmp_path_factory.mktemp("w") / name, language=language)
    back = read_ledger(path)
    for table, frame in ledger.tables.items():
        pd.testing.assert_frame_equal(back.tables[table], frame)
        pd.testing.assert_frame_equal(typed(table, frame), frame)
    assert back == ledger


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ",".join(STATUSES)), ("zh", ",".join(STATUSES.values()))],
)
def test_the_workbook_holds_values_and_drop_downs(tmp_path, language, words):
    path = write_ledger(small_ledger(), tmp_path / "a.xlsx", language=language)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == (["enterprises", "demands"] if language == "en" else ["企业名录", "企业诉求"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s", "d", "n"}
    assert not [cell for cell in cells if cell.hyperlink or cell.data_type == "f"]
    assert not [cell for cell in cells if cell.data_type == "n" and cell.value is not None]
    assert not [name for name in zipfile.ZipFile(path).namelist() if "external" in name.lower()]
    sheet = book.worksheets[1]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:R3"
    assert sheet["C2"].value == dt.datetime(2022, 1, 2)  # noqa: DTZ001 - Excel knows no time zones
    assert sheet["C2"].number_format == "yyyy-mm-dd"
    assert sheet["A2"].number_format == "@"
    offered = {str(v.sqref): v.formula1.strip('"') for v in sheet.data_validations.dataValidation}
    yes = "yes,no" if language == "en" else "是,否"
    assert offered == {"H2:H3": words, "F2:F3": yes, "N2:N3": yes, "O2:O3": yes, "R2:R3": yes}
    assert 8 < sheet.column_dimensions["D"].width <= 62


def test_csv_files_run_nothing_in_excel(tmp_path):
    frame = small_ledger().demands.assign(**{"=cmd": ["-1", "@x"]})
    path = write_ledger(replace(small_ledger(), demands=frame), tmp_path / "f")
    for file in path.iterdir():
        with file.open(encoding="utf-8", newline="") as opened:
            assert not [c for row in csv.reader(opened) for c in row if c.startswith(tuple("=+-@\t\r"))]
    assert read_ledger(path).demands["=cmd"].tolist() == ["-1", "@x"]


@pytest.mark.parametrize("name", ["a.xlsx", "f"])
def test_the_same_ledger_gives_the_same_bytes(tmp_path, name):
    first, second = (write_ledger(small_ledger(), tmp_path / n / name) for n in ("1", "2"))

    def content(path):
        return path.read_bytes() if path.is_file() else {f.name: f.read_bytes() for f in path.iterdir()}

    assert content(first) == content(second)


def test_a_failed_write_keeps_the_old_file(tmp_path):
    path = write_ledger(small_ledger(), tmp_path / "a.xlsx")
    before = path.read_bytes()
    long = small_ledger().demands.assign(text=["x", "长" * 40_000], owner=["😀" * 20_000, "x"])
    with pytest.raises(LedgerError) as caught:
        write_ledger(replace(small_ledger(), demands=long), path)
    assert caught.value.problems[["sheet", "row", "column"]].to_numpy().tolist() == [
        ["demands", 3, "text"],
        ["demands", 2, "owner"],
    ]
    assert path.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["a.xlsx"]
    assert read_ledger(write_ledger(replace(small_ledger(), demands=long), tmp_path / "f")).demands.equals(
        long
    )


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX limits")
@pytest.mark.parametrize("name", ["a.xlsx", "folder"])
def test_a_full_disk_is_one_line_of_error_and_keeps_the_old_file(tmp_path, name):
    before = write_ledger(small_ledger(), tmp_path / "a.xlsx").read_bytes()
    # No file may grow past 20,000 bytes: the system then says what it says of a full disk.
    code = (
        "import resource, sys, pandas as pd\n"
        "from dataclasses import replace\nfrom liaison_analysis.ledger import *\n"
        "from liaison_analysis.errors import LedgerError\n"
        "ledger = read_ledger(sys.argv[1])\n"
        "texts = [chr(i) * 9 for i in range(20_000, 20_900)]\n"
        "asked = pd.concat([ledger.demands] * 450, ignore_index=True).assign(text=texts)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
        "try:\n    write_ledger(replace(ledger, demands=asked), sys.argv[2])\n"
        "except LedgerError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.xlsx"), str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - own code
    expected = f"{name}: cannot be written (the file is too large); free some space or write elsewhere\n"
    assert done.stdout == expected
    assert [f.name for f in tmp_path.iterdir()] == ["a.xlsx"]
    assert (tmp_path / "a.xlsx").read_bytes() == before


def test_a_folder_that_holds_files_is_not_written_to(tmp_path):
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "mine.txt").write_text("x")
    with pytest.raises(FileExistsError, match="holds files already; name a new folder"):
        write_ledger(small_ledger(), tmp_path / "f")
    assert [p.name for p in tmp_path.rglob("*")] == ["f", "mine.txt"]
    (tmp_path / "empty").mkdir()
    assert read_ledger(write_ledger(small_ledger(), tmp_path / "empty")) == small_ledger()


def test_a_folder_that_cannot_be_made_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    for name in ("file/a.xlsx", "file/folder"):
        with pytest.raises(OSError, match="file"):
            write_ledger(small_ledger(), tmp_path / name)
    assert [p.name for p in tmp_path.rglob("*")] == ["file"]


def test_values_that_are_not_allowed_are_written_and_not_lost(tmp_path):
    odd = small_ledger().demands.assign(status=["later", None])
    path = write_ledger(replace(small_ledger(), demands=odd), tmp_path / "a.xlsx", language="zh")
    assert places(path) == [("企业诉求", 2, "status", "later")]


def test_extra_columns_of_a_table_without_rows_are_kept(tmp_path):
    wide = typed("offers", pd.DataFrame({"enterprise_id": [], "product": [], "备注": []}))
    ledger = small_ledger(offers=wide)
    assert read_ledger(write_ledger(ledger, tmp_path / "a.xlsx")) == ledger
