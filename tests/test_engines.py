import ibis
import pyarrow as pa
import pytest

from liaison_analysis._engines import _sql, collect, tables_like


def rows(con, given, least):
    offers, firms = (tables_like(given)[name] for name in ("offers", "firms"))
    joined = offers.join(firms, "firm").filter(offers.share >= least)
    return collect(con, joined.select("town", "share").order_by("share"), given).to_pylist()


def tables(share, town):
    return {
        "offers": pa.table({"firm": ["甲", "乙"], "share": [share, 0.9]}),
        "firms": pa.table({"firm": ["甲", "乙"], "town": [town, None]}),
        "unused": pa.table({"firm": ["丙"]}),
    }


def names_in(con):
    named = (
        "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
    )
    return con.con.execute(named).fetchall()


def test_an_expression_is_written_once_and_its_data_are_those_of_the_call():
    con = ibis.duckdb.connect()
    first = rows(con, tables(0.2, "龙兴"), 0.1)
    written = _sql.cache_info().misses
    second = rows(con, tables(0.3, "水土"), 0.1)
    assert _sql.cache_info().misses == written
    assert first == [{"town": "龙兴", "share": 0.2}, {"town": None, "share": 0.9}]
    assert second == [{"town": "水土", "share": 0.3}, {"town": None, "share": 0.9}]


def test_a_number_in_an_expression_makes_it_another():
    assert rows(ibis.duckdb.connect(), tables(0.2, "龙兴"), 0.5) == [{"town": None, "share": 0.9}]


def test_nothing_is_left_behind_on_a_given_engine_and_its_own_tables_stay():
    con = ibis.duckdb.connect()
    con.con.execute("CREATE TABLE offers AS SELECT '丁' AS firm")
    rows(con, tables(0.2, "龙兴"), 0.1)
    assert names_in(con) == [("offers",)]
    assert con.con.execute("FROM offers").fetchall() == [("丁",)]


def test_nothing_is_left_behind_where_the_engine_stops():
    con = ibis.duckdb.connect()
    given = tables(0.2, "龙兴")
    wrong = tables_like(given)["firms"]
    with pytest.raises(Exception, match="龙兴"):
        collect(con, wrong.filter(wrong.town.notnull()).select(n=wrong.town.cast("int64")), given)
    assert names_in(con) == []
