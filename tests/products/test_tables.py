"""Tables of products, those that are shipped and those of one's own."""

import pytest

from liaison_analysis.products.tables import COLUMNS, product_tables


def test_every_shipped_table_stands_under_the_division_of_its_codes():
    tables = product_tables()
    for name, rows in tables.groupby("table"):
        first, _, last = name.split("_")[0].partition("-")
        divisions = rows["code"].str[:2].astype(int)
        assert divisions.between(int(first), int(last or first)).all(), name


def test_a_folder_of_ones_own_is_read_with_all_problems_at_once(tmp_path):
    header = ",".join(COLUMNS)
    (tmp_path / "a.csv").write_text(f"{header}\n铜杆,,,3251,电解铜,,,\n", encoding="utf-8")
    assert product_tables(tmp_path)[["product", "material", "table"]].to_numpy().tolist() == [
        ["铜杆", "电解铜", "a"]
    ]
    (tmp_path / "b.csv").write_text("product,code\n", encoding="utf-8")
    (tmp_path / "c.csv").write_text(f"{header}\n铜杆,3251\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"(?s)b: expected the columns.*c, row 2: expected 8 values"):
        product_tables(tmp_path)
    with pytest.raises(ValueError, match="got none"):
        product_tables(tmp_path / "nowhere")


def test_the_callers_frame_is_its_own():
    mine = product_tables()
    mine["code"] = ""
    assert product_tables()["code"].ne("").all()
