from liaison_analysis.report.tables import kind
from liaison_analysis.report.today_data import CASES, chances_table, themes_part, today_part


def column(table, name):
    return [row[table["columns"].index(name)] for row in table["rows"]]


def test_todo_and_what_a_card_shows_are_those_of_the_analysis(hostile_analysis):
    tables = today_part(hostile_analysis)["tables"]
    today = hostile_analysis.today
    assert column(tables["todo"], "action") == today.table["action"].tolist()
    assert column(tables["suggestions"], "probability") == today.suggestions["probability"].tolist()
    assert set(column(tables["precedents"], "precedent_id")) <= set(
        hostile_analysis.ledger.demands["demand_id"]
    )
    assert len(tables["cases"]["rows"]) <= CASES
    assert all(isinstance(ids, list) for ids in column(tables["cases"], "demand_ids"))


def test_drivers_of_a_chance_are_there_in_both_languages(hostile_analysis):
    table = chances_table(hostile_analysis)
    drivers = [both for both in column(table, "drivers") if both]
    assert drivers
    for both in drivers:
        assert "in_remit" not in both["en"]
        assert both["zh"] != both["en"]
    assert [kind(name) for name in ("chance", "expected_on")] == ["share", "date"]


def test_months_of_a_theme_add_up_to_its_demands(hostile_analysis):
    part = themes_part(hostile_analysis)
    levels = part["tables"]["levels"]
    sizes = dict(zip(column(levels, "name"), column(levels, "size"), strict=True))
    assert {name: sum(counts) for name, counts in part["months"]["counts"].items()} == sizes
    assert part["months"]["months"] == sorted(part["months"]["months"])
    assert sum(sizes.values()) == len(hostile_analysis.ledger.demands)
