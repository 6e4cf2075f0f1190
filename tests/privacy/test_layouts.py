import pytest

from liaison_analysis.privacy.layouts import find_laid_out


def found(text):
    return [text[start:end] for start, end, _ in find_laid_out(text)]


@pytest.mark.parametrize(
    "written",
    [
        "139,8341,2226",
        "139、8341、2226",
        "139/8341/2226",
        "13 98 34 12 22 6",
        "139-834-122-26",
        "138 0013 800 0",
        "86-139-834-12226",
        "1.3983412226e+10",
        "1.39834E10",
    ],
)
def test_a_number_is_found_in_any_layout(written):
    assert found(f"打{written}找王工") == [written]
    assert found(written) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "产能139、8341、2226吨",
        "139,8341,2226,5",
        "13 98 34 12 22 6 7",
        "9 13 98 34 12 22 6",
        "15 30 45 60 75 9",
        "13-06-2022-001",
        "订单号139-834-122-26",
        "产值1.3983412226e+10元",
        "11.3983412226e+10",
        "12 98 34 12 22 6",
    ],
)
def test_what_is_counted_or_counts_up_is_none(text):
    assert found(text) == []


def test_behind_a_word_for_a_phone_a_digit_may_be_missing():
    assert found("手机1398341222") == ["1398341222"]
    assert found("电话:139,83412226") == ["139,83412226"]
    assert found("手机产量1398341222") == []
