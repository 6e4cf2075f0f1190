import pytest

from liaison_analysis._messages import speaking
from liaison_analysis.ledger.headers import EXTRA_COLUMNS
from liaison_analysis.ledger.schema import STATUSES, TABLES
from liaison_analysis.ledger.spoken import spoken_code, spoken_name

NAMES = [
    *TABLES,
    *{column.name for table in TABLES.values() for column in table.columns},
    *STATUSES,
    *EXTRA_COLUMNS,
]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_column_and_state_has_a_chinese_name(name):
    with speaking("zh"):
        assert any("一" <= character <= "鿿" for character in spoken_name(name))
    with speaking("en"):
        assert spoken_name(name) == name


def test_columns_are_called_as_the_core_tables_call_them():
    with speaking("zh"):
        assert [spoken_name(one) for one in ("enterprise_id", "text", "town")] == [
            "企业编号", "诉求内容", "所属新城",
        ]  # fmt: skip


def test_codes_are_words_and_what_is_no_code_stays():
    with speaking("zh"):
        assert [spoken_code(one) for one in ("ambiguous", "neighbours", "自己写的")] == [
            "不止一个相符",
            "取自上下行的日期",
            "自己写的",
        ]
    with speaking("en"):
        assert spoken_code("ambiguous") == "several fit"
