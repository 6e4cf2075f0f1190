import pytest

from liaison_analysis.privacy.foreign import find_foreign


def found(text):
    return [(text[start:end], kind) for start, end, kind in find_foreign(text)]


@pytest.mark.parametrize(
    ("before", "number"),
    [
        ("passport no. ", "EK1234567"),
        ("Passport Number: ", "E12345678"),
        ("护照号码是", "G 1234 5678"),
        ("身分證字號", "A123456789"),
        ("台湾员工", "F223456781"),
        ("", "A123456(7)"),
        ("香港身份證", "AB123456(A)"),
    ],
)
def test_papers_are_found(before, number):
    assert found(before + number) == [(number, "identity card")] * len(found(before + number))
    assert found(before + number)


@pytest.mark.parametrize(
    "number",
    [
        "852-91234567",
        "853-6612 3456",
        "0912-345-678",
        "886-912-345678",
        "+886 0912 345 678",
        "001-415-555-0132",
    ],
)
def test_phones_are_found(number):
    assert found(f"找{number}。") == [(number, "mobile")]


def test_a_word_stands_in_for_the_marks_of_a_code():
    assert found("HK tel 852 9123 4567") == [("852 9123 4567", "mobile")]
    assert found("预算852 9123 4567") == []


@pytest.mark.parametrize(
    "text",
    [
        "型号A123456789",
        "轴承EK1234567",
        "852人、853人",
        "零件号0912-345-6789",
        "852-91234567件",
        "GB 001-415",
    ],
)
def test_parts_and_amounts_are_none(text):
    assert found(text) == []
