from helpers.small_ledger import ledger

from liaison_analysis import Analysis
from liaison_analysis.report.page_data import VIEWS, failures, page_data, schema


def test_every_view_is_there_and_progress_names_each(analysis, data):
    named = []
    page_data(analysis, progress=named.append)
    assert sorted(named) == sorted([*VIEWS, "home"])
    assert named[-2:] == ["salons", "home"], "salons are planned beside the other views"
    assert list(data["views"]) == list(VIEWS)
    assert failures(data) == {}


def test_tables_are_those_of_the_analysis(analysis, data):
    gaps = data["views"]["chain"]["tables"]["gaps"]
    assert [row[0] for row in gaps["rows"]] == analysis.chain.table["product"].tolist()
    demands = data["views"]["demands"]["rows"]
    assert len(demands["rows"]) == 30
    assert data["views"]["demands"]["text"]["zh"] == analysis.overview.text.zh
    assert data["views"]["themes"]["text"]["zh"] == analysis.themes.text.zh


def test_single_demands_and_enterprises_are_not_listed_where_groups_are_protected(protected_data):
    views = protected_data["views"]
    assert views["demands"]["rows"]["rows"] == []
    lists = {
        "loop": ("tasks", "late", "dispatch", "chances"),
        "today": tuple(views["today"]["tables"]),
        "policies": ("answers", "grants", "asked_fields", "invitations"),
        "visits": ("coverage", "priorities"),
        "themes": ("weak", "differences"),
        "introductions": ("without_introduction",),
    }
    for view, names in lists.items():
        for name in names:
            assert views[view]["tables"][name]["rows"] == [], (view, name)
    assert protected_data["meta"]["min_group"] == 3


def test_a_part_that_lacks_a_table_names_it():
    data = page_data(Analysis(ledger()))
    assert data["views"]["visits"]["missing"] == ["links", "visits"]
    assert data["views"]["policies"]["missing"] == ["policies"]
    assert failures(data) == {}


def test_meanings_are_part_of_the_schema():
    assert schema()["competitor"]["meaning_en"] == "Both offer the same product: think twice."
