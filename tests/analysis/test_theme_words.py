import re

from liaison_analysis.analysis.theme_words import THEME_WORDS, theme_name
from liaison_analysis.demands import park_taxonomy


def test_every_theme_and_group_of_the_packaged_taxonomy_has_an_english_name():
    taxonomy = park_taxonomy()
    names = {*taxonomy["theme"], *taxonomy["group"]}
    assert {name for name in names if re.search("[一-鿿]", theme_name(name, "en"))} == set()


def test_no_two_themes_are_called_alike_in_english():
    themes = park_taxonomy()["theme"].unique()
    assert len({theme_name(name, "en") for name in themes}) == len(themes) == 22


def test_no_name_is_kept_that_the_taxonomy_does_not_know():
    taxonomy = park_taxonomy()
    assert set(THEME_WORDS) - {*taxonomy["theme"], *taxonomy["group"]} == {"其他", "其他 others"}
