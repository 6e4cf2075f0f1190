import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.privacy.masking import Masker, count_personal_data, mask_personal_data

# Characters that normalising would change, drop or join.
STRANGE = st.text(st.sampled_from("ﬁÅＡ㎡½…　\u200b\u0301，。（）企业诉求é\n\x00"), max_size=12)


@given(STRANGE, STRANGE)
def test_what_is_not_masked_stays_byte_for_byte(before, after):
    text = f"{before}，13812345678，{after}，zhang@example.com，{before}"
    assert mask_personal_data([text]) == [f"{before}，[手机号]，{after}，[邮箱]，{before}"]
    assert mask_personal_data([before + after]) == [before + after]


@given(
    st.text(
        st.sampled_from(list("0123456789138 -.:@xX电话渝A微信QQ号卡身份证转\u200b[]手机一二三(\n")),
        max_size=80,
    )
)
def test_masking_again_changes_nothing(text):
    once = mask_personal_data([text])
    assert mask_personal_data(once) == once
    assert count_personal_data(once).empty


def test_what_stands_beside_a_mask_is_masked_in_the_same_pass():
    # The second number is labelled by the word that the first one's mask holds, or by nothing.
    once = mask_personal_data(["023-67891234 67895678", "[手机号 13812345678]", "[固定电话 2]67891234"])
    assert once == ["[固定电话] 67895678", "[手机号 [手机号]]", "[固定电话 2]67891234"]


def test_counts_hold_no_values():
    texts = ["13812345678 023-67891234", "13912345678", "渝A12345", "停车难"]
    expected = pd.DataFrame({"kind": ["mobile", "landline", "plate"], "n": [2, 1, 1]})
    pd.testing.assert_frame_equal(count_personal_data(texts), expected)
    assert count_personal_data([]).columns.tolist() == ["kind", "n"]


def test_keys_stay_apart_and_the_same_in_every_table():
    masker = Masker()
    assert masker.keys(["13812345678", "13912345678", "13812345678"], "links") == [
        "[手机号 1]",
        "[手机号 2]",
        "[手机号 1]",
    ]
    assert masker.keys(["王13912345678", "G1", "500109199001011234"], "visits") == [
        "王[手机号 2]",
        "G1",
        "[身份证号 1]",
    ]
    assert masker.texts(["13912345678"], "visits") == ["[手机号]"]
    assert masker.masked().to_numpy().tolist() == [
        ["links", "mobile", 3],
        ["visits", "identity card", 1],
        ["visits", "mobile", 2],
    ]


def test_a_number_of_a_mask_is_not_given_twice():
    # An officer was masked when the ledger was last written; another has come since.
    masker = Masker(["[手机号 1]", "[手机号 3] x"])
    keys = masker.keys(["[手机号 1]", "13812345678", "13912345678"], "links")
    assert keys == ["[手机号 1]", "[手机号 2]", "[手机号 4]"]


def test_serial_numbers_that_look_like_a_childs_card_stay_in_keys_alone():
    masker = Masker()
    serials = ["500109202203045123", "5.00109202203045e+17"]
    assert masker.keys(serials, "demands") == serials
    assert masker.texts(serials, "demands") == ["[身份证号]", "[身份证号]e+17"]
    assert masker.keys(["500109198003045123"], "links") == ["[身份证号 1]"]
