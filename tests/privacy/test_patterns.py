import csv
import datetime as dt
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.privacy.kinds import MASKS, Found
from liaison_analysis.privacy.patterns import find_personal_data

CASES = Path(__file__).parents[1] / "data" / "personal_data_cases.csv"


def read_cases():
    """Kind, text and labelled spans of every case; in the file they stand between ⟦ and ⟧."""
    with CASES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            written = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), row["text"]).replace(
                "\\n", "\n"
            )
            text, spans = "", []
            for part in re.split(r"(⟦.*?⟧)", written, flags=re.DOTALL):
                plain = part.strip("⟦⟧")
                if part.startswith("⟦"):
                    spans.append((len(text), len(text) + len(plain)))
                text += plain
            yield row["kind"], text, spans


LIST = list(read_cases())


def test_the_list_is_large_and_half_of_it_are_traps():
    traps = [text for kind, text, spans in LIST if not spans]
    assert len(LIST) >= 300
    assert len({text for _, text, _ in LIST}) == len(LIST)
    assert 0.45 < len(traps) / len(LIST) < 0.55
    assert all(kind.startswith("trap: ") == (not spans) for kind, _, spans in LIST)
    assert min(Counter(kind for kind, _, spans in LIST if spans).values()) >= 10
    assert {kind for kind, _, spans in LIST if spans} == set(MASKS)


def test_recall_and_precision_on_the_list():
    labelled = missed = masked = wrong = 0
    for _, text, spans in LIST:
        matches = [(start, end) for start, end, _ in find_personal_data(text)]
        labelled, masked = labelled + len(spans), masked + len(matches)
        missed += sum(not all(any(a <= i < b for a, b in matches) for i in range(*span)) for span in spans)
        wrong += sum(not any(a <= start and end <= b for a, b in spans) for start, end in matches)
    assert labelled > 150
    assert 1 - missed / labelled >= 0.99
    assert 1 - wrong / masked >= 0.98


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("李总13812345678,座机023-67891234", ["mobile", "landline"]),
        ("500109199001011234 工行6222021234567890123", ["identity card", "bank card"]),
        ("渝A12345,a@example.com,微信:abc_1234,QQ:12345678", ["plate", "e-mail", "WeChat", "QQ"]),
        ("13812345678@example.com", ["e-mail"]),
        ("微信13812345678", ["mobile"]),
        # The word for a serial number or an amount must stand right before the number.
        ("企业编号请联系13812345678", ["mobile"]),
        ("总价请问13812345678", ["mobile"]),
        ("2022-03-0513812345678", ["mobile"]),
        ("138123456782022-03-05", ["mobile"]),
    ],
)
def test_kinds_in_order(text, kinds):
    assert [matches.kind for matches in find_personal_data(text)] == kinds


def test_places_are_those_of_the_text_as_written():
    # ⑪ is one character and two digits, ﷺ one and many letters, and the zero-width ones are none.
    assert find_personal_data("ﷺ⑪:\u200b１３８\u200b１２３４\u200b５６７８。") == [Found(4, 17, "mobile")]


# A number as people hide or lay it out: every digit in a form of its own, marks between the groups.
FORMS = [
    "0123456789",
    "０１２３４５６７８９",
    "〇一二三四五六七八九",
    "零壹贰叁肆伍陆柒捌玖",
    "⓪①②③④⑤⑥⑦⑧⑨",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "٠١٢٣٤٥٦٧٨٩",
]
GAPS = st.sampled_from(
    [
        "",
        " ",
        "-",
        "—",
        ".",
        "·",
        "\u3000",
        "\n",
    ]
)
UNSEEN = st.sampled_from(["", "", "", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u2060", "\u0336", "\ufe0f"])
AROUND = st.sampled_from(["", "请联系", "电话:", "tel", "(", "。", " ", "王工", "手机号", "\n"])
AFTER = st.sampled_from(["", "。", ",找王工", " ", ")", "上午", "\n"])


@given(st.data(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), AROUND, AFTER)
def test_a_mobile_number_is_found_however_it_is_written(data, number, before, after):
    digits = [data.draw(st.sampled_from(FORMS))[int(digit)] + data.draw(UNSEEN) for digit in number]
    written = data.draw(GAPS).join(["".join(digits[:3]), "".join(digits[3:7]), "".join(digits[7:])])
    text = before + written + after
    matches = find_personal_data(text)
    assert [one.kind for one in matches] == ["mobile"]
    start, end, _ = matches[0]
    # Nothing of the number is left, and nothing beside it is taken.
    assert start <= len(before)
    assert text[:start] + text[end:] in {before + after, before + digits[-1][1:] + after}


@given(
    st.sampled_from(["500109", "110101", "810000"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2029, 12, 31)),
    st.from_regex(r"[0-9]{3}[0-9Xx]", fullmatch=True),
    AROUND,
    AFTER,
)
def test_an_identity_card_is_found_whatever_its_check_digit(district, day, rest, before, after):
    text = f"{before}{district}{day:%Y%m%d}{rest}{after}"
    matches = [one for one in find_personal_data(text) if one.kind == "identity card"]
    assert [(one.start, one.end) for one in matches] == [(len(before), len(before) + 18)]


@given(
    st.integers(10**9, 10**12).filter(lambda n: 10 <= len(str(n)) <= 12),
    st.sampled_from([".00元", "元", "万元", "美元", "吨", "千瓦时", " 元整", ".5亿元"]),
    st.sampled_from(["", "合同额", "预算", "¥", "共"]),
)
def test_an_amount_is_left(number, unit, before):
    assert find_personal_data(f"{before}{number}{unit}") == []


@given(
    st.text(st.sampled_from("0123456789一二三 -.:@xX电话渝A微信QQ号卡身份证转\u200b[]手机(\n"), max_size=60)
)
def test_places_are_in_order_and_apart(text):
    matches = find_personal_data(text)
    assert all(0 <= one.start < one.end <= len(text) for one in matches)
    assert all(a.end <= b.start for a, b in pairwise(matches))


@pytest.mark.parametrize(
    "text",
    ["1" * 50_000, "13812345678 " * 5_000, "a" * 50_000 + "@", "a@" * 25_000, "渝A" * 25_000,
     "电话" * 25_000 + "1234567", "微信" * 25_000, "0-" * 25_000 + "@", "一" * 50_000,
     "1*" * 25_000, "+1 " * 17_000, "手机尾号" * 12_000, "QQ群:" * 12_000, "渝A·" * 17_000, "王总" * 25_000,
     "a.b-" * 12_000 + "@" + "a." * 12_000 + "1"],
)  # fmt: skip
def test_long_texts_end(text):
    # A pattern that backtracks over all splits of such a text would take exponential time.
    assert len(find_personal_data(text)) <= 5_000


def test_a_firms_code_of_digits_alone_is_no_identity_card():
    # Right as a firm's code and wrong as a person's; with another last digit, wrong as both.
    assert find_personal_data("125001198504120030") == []
    assert find_personal_data("125001198504120031") == [Found(0, 18, "identity card")]


@pytest.mark.parametrize(
    "text",
    [
        "城市总体规划(2006-2020年)",
        "批准机关为市政府,规划处2021—2035年",
        "财务部20220308",
        "技术总2022 2023两年",
        "2022****2023",
        "产业集群12345678",
        "渝A1·B2",
        "+12345.67",
    ],
)
def test_traps_of_real_texts(text):
    assert find_personal_data(text) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("138****5678", ""),
        ("6217 **** **** 0567", ""),
        ("5001**********123X", ""),
        ("0915*****79", ""),
        ("身份证末四位:3021", "身份证末四位:"),
        ("卡号尾号为4567", "卡号尾号为"),
        ("①13300011000②13300012000", "①②"),
        ("+49 151 2345 6789", ""),
    ],
)
def test_what_is_left_of_a_number_and_how_it_is_listed(text, left):
    shown = text
    for start, end, _ in reversed(find_personal_data(text)):
        shown = shown[:start] + shown[end:]
    assert shown == left
