import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.privacy.columns import COLUMNS, column_of, find_in_column
from liaison_analysis.privacy.masking import Masker, mask_personal_data
from liaison_analysis.privacy.patterns import find_personal_data

PLACES = Path(__file__).parents[1] / "data" / "personal_data_places.csv"


def read_places():
    """Header, text and labelled spans of every case; in the file they stand between ⟦ and ⟧."""
    with PLACES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            text, spans = "", []
            for part in re.split(r"(⟦.*?⟧)", row["text"]):
                plain = part.strip("⟦⟧")
                if part.startswith("⟦"):
                    spans.append((len(text), len(text) + len(plain)))
                text += plain
            yield row["header"], text, spans


def test_recall_and_precision_in_cells_headers_comments_documents_and_file_names():
    labelled = found = wrong = traps = 0
    for header, text, spans in read_places():
        matches = [(start, end) for start, end, _ in find_personal_data(text, header=header)]
        labelled, traps = labelled + len(spans), traps + (not spans)
        found += sum(all(any(a <= i < b for a, b in matches) for i in range(*span)) for span in spans)
        wrong += sum(not any(a <= start and end <= b for a, b in spans) for start, end in matches)
    assert labelled >= 200
    assert traps >= 80
    assert found / labelled >= 0.97
    assert wrong == 0


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("联系电话", "landline"),
        ("手机号码（必填）", "landline"),
        ("手机 后四位", "mobile"),
        ("身份证后6位", "identity card"),
        ("护照号", "identity card"),
        ("ＱＱ", "QQ"),
        ("微信号", "WeChat"),
        ("开户账号", "bank card"),
        ("E-mail", "e-mail"),
    ],
)
def test_a_header_says_what_its_column_holds(header, kind):
    assert column_of(header)[0] == kind


@pytest.mark.parametrize(
    "header",
    [
        "",
        "电话费（元）",
        "手机产量（台）",
        "微信公众号",
        "电话会议次数",
        "对公账号",
        "企业名称",
        "诉求内容",
        "phones sold (部)",
    ],
)
def test_a_column_that_counts_or_belongs_to_a_firm_holds_none(header):
    assert column_of(header) is None


def test_a_phone_in_a_column_of_phones_may_have_any_number_of_digits_but_a_hotlines():
    kinds = {"1398341222": "mobile", "13983412226": "mobile", "8321456": "landline", "12345": None,
             "400-810-6666": None, "95533": None, "20220605": None, "见附件": None}  # fmt: skip
    for text, kind in kinds.items():
        assert [one.kind for one in find_in_column(text, "联系电话")] == ([kind] if kind else [])


def test_what_is_masked_in_a_column_stays_masked():
    masker = Masker()
    cells = ["661234", "801", "无"]
    masked = masker.keys(cells, "demands", header="分机")
    assert masked == ["[固定电话 1]", "[固定电话 2]", "无"]
    assert masker.keys(masked, "demands", header="分机") == masked
    assert masker.texts(["2226"], "demands", header="手机后四位") == ["[手机号]"]
    assert masker.texts(["2226"], "demands") == ["2226"]


@given(
    st.sampled_from(
        ["联系电话", "微信号", "QQ", "护照号", "身份证", "开户账号", "手机后四位", "分机", "邮箱", "车牌"]
    ),
    st.text(st.sampled_from("0123456789 -转分机(),/.@#abQX渝A[]手机号\n"), max_size=40),
)
def test_masking_a_cell_again_changes_nothing(header, text):
    once = mask_personal_data([text], header=header)
    assert mask_personal_data(once, header=header) == once


@pytest.mark.parametrize("text", ["1" * 30_000, "1 " * 15_000, "a" * 30_000, "A1" * 15_000, "1-" * 15_000])
def test_long_cells_end(text):
    for header, *_ in (
        ("联系电话",),
        ("微信号",),
        ("QQ",),
        ("护照号",),
        ("身份证",),
        ("账号",),
        ("邮箱",),
        ("车牌",),
    ):
        assert len(find_personal_data(text, header=header)) <= 20_000
    assert len(COLUMNS) == 12
