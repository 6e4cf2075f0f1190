from dataclasses import replace

import pandas as pd
import pytest
from helpers.ledger_files import leaks, small_ledger

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.writing import write_ledger


def test_frames_made_in_python_leak_nothing_when_they_are_wrong(tmp_path):
    frame = pd.DataFrame({"product": ["a"], "weight": ["请致电13812345678"]})
    with pytest.raises(ValueError, match="column 'weight'") as caught:
        typed("offers", frame)
    assert leaks(str(caught.value)) == []
    long = small_ledger().demands.assign(text=["停" * 33 + "13812345678" + "长" * 40_000, "x"])
    with pytest.raises(LedgerError) as caught:
        write_ledger(replace(small_ledger(), demands=long), tmp_path / "a.xlsx")
    assert "13812" not in caught.value.problems["value"].iloc[0]


def test_typed_takes_any_known_header_and_keeps_the_rest_as_text():
    frame = pd.DataFrame(
        {"备注": [1, None], "企业编号": [" E1\n", "E2"], "产品": ["a\r\nb", ""], "": [True, False]},
        index=[5, 9],
    )
    found = typed("offers", frame)
    assert list(found) == [
        "enterprise_id",
        "product",
        "weight",
        "evidence",
        "is_synthetic",
        "备注",
        "column_4",
    ]
    assert found["enterprise_id"].tolist() == ["E1", "E2"]
    assert found["product"].fillna("missing").tolist() == ["a\nb", "missing"]
    assert found["备注"].fillna("missing").tolist() == ["1", "missing"]
    assert found["column_4"].tolist() == ["true", "false"]
    assert found.index.tolist() == [0, 1]


def test_typed_names_every_column_that_is_wrong():
    frame = pd.DataFrame({"product": ["a"], "产品": ["b"], "weight": ["many"]})
    with pytest.raises(
        ValueError, match=r"^offers: column '产品' means .*; column 'weight': expected Float64, got str"
    ):
        typed("offers", frame)
