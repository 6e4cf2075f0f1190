from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.privacy.readings import other_readings, plain_reading


def readings(text):
    plain, at = plain_reading(text)
    return [plain, *other_readings(text, plain, at)]


def test_digits_of_every_script_are_digits_and_invisible_characters_are_gone():
    assert plain_reading("１③\u200b٣𝟖")[0] == "1338"
    assert plain_reading("—−‐·•")[0] == "---··"
    assert plain_reading("a\r\nb") == ("a\n\nb", [0, 1, 2, 3])


def test_what_counts_items_is_a_digit_in_one_reading_and_a_break_in_the_other():
    assert readings("①13800001111⑫") == ["11380000111112", "\n13800001111\n\n"]


def test_long_rows_of_chinese_numerals_are_digits_in_a_reading_of_the_same_length():
    assert readings("打幺三八零零零零幺幺幺幺") == ["打幺三八零零零零幺幺幺幺", "打13800001111"]
    assert readings("第一百二十三") == ["第一百二十三"]


@given(st.text(max_size=40))
def test_every_reading_leads_back_to_the_text(text):
    plain, at = plain_reading(text)
    assert len(plain) == len(at)
    assert list(at) == sorted(at)
    assert all(len(other) == len(plain) for other in other_readings(text, plain, at))
