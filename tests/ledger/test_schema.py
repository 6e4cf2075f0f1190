import pytest

from liaison_analysis.ledger.schema import DTYPES, TABLES, header_key, table_of


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_header_of_a_table_means_two_columns(table):
    headers = [h for column in table.columns for h in {header_key(w) for w in (column.name, *column.chinese)}]
    assert len(headers) == len(set(headers))
    assert table.headers()[header_key(table.columns[0].chinese[0])] == table.columns[0].name


def test_no_sheet_name_means_two_tables():
    names = [header_key(name) for table in TABLES.values() for name in (table.name, *table.chinese)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_keys_orders_and_references_name_columns_that_are_there(table):
    columns = {column.name: column for column in table.columns}
    assert set(table.key) <= set(columns)
    assert all(columns[name].kind == "date" for pair in table.ordered for name in pair)
    assert {c.references for c in columns.values()} - {None} <= set(TABLES)
    assert all(bool(c.choices) == (c.kind == "choice") for c in columns.values())
    assert table.required_columns == [c.name for c in table.columns if c.required]


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_an_empty_frame_has_the_documented_dtypes(table):
    dtypes = {name: str(dtype) for name, dtype in table.empty().dtypes.items()}
    assert dtypes == {column.name: DTYPES[column.kind] for column in table.columns}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("企业名称(必填)", "企业名称"),
        ("企业名称（必填）：", "企业名称"),
        ("＊企业ＩＤ", "企业id"),
        ("Enterprise  ID *", "enterprise_id"),
        ("(备注)", "(备注)"),
        ("提出\n日期", "提出日期"),
        (None, "none"),
    ],
)
def test_header_key(written, key):
    assert header_key(written) == key


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("DEMANDS", "demands"),
        ("诉求台账(2022)", "demands"),
        ("product chain", "product_chain"),
        ("上下游", "product_chain"),
    ],
)
def test_table_of(written, name):
    assert table_of(written).name == name


def test_words_that_are_no_table():
    assert [table_of(written) for written in ("", "Sheet1", "demands2", "说明")] == [None] * 4


def test_the_words_of_choices_differ_within_a_column():
    for table in TABLES.values():
        for column in table.columns:
            words = [*column.choices, *column.choices.values()]
            assert len(words) == len(set(words))
