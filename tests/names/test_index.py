from __future__ import annotations

import itertools
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison_analysis.names.answers import COLUMNS, STATUSES, SURE
from liaison_analysis.names.index import NameIndex

HERE = Path(__file__).parents[1]
CODE = "91350100M000100Y43"  # the example of GB 32100-2015

ROSTER = pd.DataFrame(
    [
        ("E1", "重庆云岫机器人有限公司", CODE, "水土"),
        ("E2", "佛山云岫机器人有限公司", None, None),
        ("E3", "澄砚轴承股份有限公司", None, "鱼复"),
        ("E4", "重庆翎沃电子材料科技集团股份有限公司", None, "龙兴"),
        ("E5", "隼川（重庆）无人机有限公司", None, "水土"),
        ("E6", "重庆禾坻食品有限公司", None, "龙兴"),
        ("E7", "重庆砺衡检测认证集团有限公司", None, "鱼复"),
        ("E8", "朔垣国际物流有限公司", None, "鱼复"),
    ],
    columns=["enterprise_id", "name", "uscc", "town"],
)
ALIASES = pd.DataFrame(
    {
        "enterprise_id": ["E3", "E8", "E8"],
        "alias": ["山城轴瓦厂", "渝北货运", "朔垣"],
        "valid_from": [pd.NaT, pd.Timestamp("2010-01-01"), pd.NaT],
        "valid_to": [pd.NaT, pd.Timestamp("2019-12-31"), pd.NaT],
    }
)


@pytest.fixture(scope="module")
def index():
    return NameIndex(ROSTER, ALIASES)


def one(index, name, **options):
    return index.resolve([name], **options).iloc[0]


@pytest.mark.parametrize(
    ("written", "enterprise_id", "status"),
    [
        (CODE, "E1", "code"),
        (" 9135 0100-m000100y43 ", "E1", "code"),
        ("e6", "E6", "code"),
        ("山城轴瓦厂", "E3", "alias"),
        ("朔垣", "E8", "alias"),
        ("重庆云岫机器人有限公司", "E1", "exact"),
        ("重慶雲岫機器人", "E1", "exact"),
        ("隼川(重庆)无人机有限责任公司", "E5", "exact"),
        ("重庆隼川无人机有限公司", "E5", "exact"),
        ("ＳＴ澄砚轴承", "E3", "exact"),
        ("翎沃电子材料", "E4", "contained"),
        ("重庆禾坻", "E6", "contained"),
        ("云岫机器人", "E1", "ambiguous"),
        ("成都云岫机器人有限公司", "E1", "ambiguous"),
        ("隔壁那家店", None, "unknown"),
        ("", None, "unknown"),
        (None, None, "unknown"),
        ("重庆市", None, "unknown"),
        ("机器人有限公司", "E1", "ambiguous"),
    ],
)
def test_each_way_of_writing_has_its_status(index, written, enterprise_id, status):
    answers = one(index, written)
    assert (None if pd.isna(answers["enterprise_id"]) else answers["enterprise_id"], answers["status"]) == (
        enterprise_id,
        status,
    )


@pytest.mark.parametrize(
    ("written", "enterprise_id"),
    [
        ("重庆翎握电子材料科技集团股份有限公司", "E4"),  # sounds alike
        ("重庆禾抵食品有限公司", "E6"),  # looks alike
        ("翎沃材料", "E4"),  # picked in order
        ("砺衡认证", "E7"),
    ],
)
def test_slips_and_picked_characters_rank_the_right_firm_first(index, written, enterprise_id):
    answers = one(index, written)
    assert answers["enterprise_id"] == enterprise_id
    assert answers["status"] in {"contained", "likely", "ambiguous"}


def test_aliases_count_on_their_dates_only(index):
    assert one(index, "渝北货运", on="2015-06-01")["status"] == "alias"
    assert one(index, "渝北货运", on=pd.Timestamp("2019-12-31"))["status"] == "alias"
    late = one(index, "渝北货运", on="2020-01-01")
    assert (late["enterprise_id"], late["status"]) == ("E8", "ambiguous")
    assert "not valid on this date" in late["why"]
    assert one(index, "渝北货运")["status"] == "alias"
    both = index.resolve(["渝北货运", "渝北货运"], on=["2015-06-01", "2022-06-01"])
    assert both["status"].tolist() == ["alias", "ambiguous"]


def test_a_name_that_two_firms_bear_is_ambiguous_and_the_town_decides():
    roster = pd.DataFrame(
        {
            "enterprise_id": ["A", "B"],
            "name": ["沅溪医药有限公司", "沅溪医药股份有限公司"],
            "town": ["水土", "龙兴"],
        }
    )
    index = NameIndex(roster)
    answers = one(index, "沅溪医药")
    assert (answers["status"], answers["margin"]) == ("ambiguous", 0.0)
    assert "A 沅溪医药有限公司" in answers["candidates"]
    assert "B 沅溪医药股份有限公司" in answers["candidates"]
    assert one(index, "沅溪医药股份有限公司")[["enterprise_id", "status"]].tolist() == ["B", "exact"]
    assert one(index, "沅溪医药", town="龙兴")[["enterprise_id", "status"]].tolist() == ["B", "exact"]
    assert one(index, "沅溪医药", town="鱼复")["status"] == "ambiguous"


def test_an_alias_that_is_another_firms_name_is_ambiguous():
    roster = pd.DataFrame({"enterprise_id": ["A", "B"], "name": ["沅溪医药", "澄砚轴承"]})
    aliases = pd.DataFrame({"enterprise_id": ["B"], "alias": ["沅溪医药"]})
    assert one(NameIndex(roster, aliases), "沅溪医药")["status"] == "ambiguous"


@pytest.mark.parametrize(
    ("written", "enterprise_id", "unit"),
    [
        ("重庆禾坻食品有限公司渝北分公司", "E6", "渝北分公司"),
        ("禾坻食品龙兴工厂", "E6", "龙兴工厂"),
        ("澄砚轴承渝北二厂", "E3", "渝北二厂"),
    ],
)
def test_a_plant_is_its_firms_and_flagged(index, written, enterprise_id, unit):
    answers = one(index, written)
    assert (answers["enterprise_id"], answers["unit"]) == (enterprise_id, unit)
    assert answers["status"] in SURE


def test_a_group_is_not_its_member():
    roster = pd.DataFrame(
        {"enterprise_id": ["A", "B"], "name": ["沅溪集团安岚钢构有限公司", "砺衡集团科技有限公司"]}
    )
    answers = NameIndex(roster).resolve(["沅溪集团", "砺衡集团", "沅溪集团安岚钢构"])
    assert answers["status"].tolist() == ["ambiguous", "contained", "exact"]
    assert answers["why"].iloc[0] == "a member of 沅溪集团, not the group itself"


def test_no_answer_to_what_several_firms_could_mean():
    index = NameIndex(pd.read_csv(HERE / "data" / "ambiguous_roster.csv"))
    asked = pd.read_csv(HERE / "data" / "ambiguous_names.csv")
    assert len(asked) >= 40
    answers = index.resolve(asked["written"])
    assert answers.loc[answers["status"].isin(SURE), ["written", "name", "status"]].to_numpy().tolist() == []


def test_the_roster_that_is_ambiguous_in_parts_is_not_so_as_a_whole():
    roster = pd.read_csv(HERE / "data" / "ambiguous_roster.csv")
    answers = NameIndex(roster).resolve(roster["name"])
    assert answers["enterprise_id"].tolist() == roster["enterprise_id"].tolist()
    assert set(answers["status"]) == {"exact"}


def test_rows_keep_their_order_and_the_table_its_form(index):
    answers = index.resolve(["朔垣", "无名", "朔垣"])
    assert list(answers) == COLUMNS
    assert answers["written"].tolist() == ["朔垣", "无名", "朔垣"]
    assert set(answers["status"]) <= set(STATUSES)
    assert answers["score"].tolist()[0] == answers["score"].tolist()[2] == 1.0
    empty = index.resolve([])
    assert list(empty) == COLUMNS
    assert empty.empty


def test_answers_do_not_depend_on_the_other_names(index):
    names = ["云岫机器人", "翎沃材料", "禾抵食品", "云岫", "砺衡"]
    together = index.resolve(names)
    apart = pd.concat([index.resolve([name]) for name in names], ignore_index=True)
    pd.testing.assert_frame_equal(together, apart)


def test_with_an_empty_roster_every_name_is_unknown():
    index = NameIndex(ROSTER.iloc[:0])
    assert index.resolve(["云岫机器人"])["status"].tolist() == ["unknown"]
    assert index.duplicates().empty


def test_duplicates_are_listed_once():
    roster = pd.DataFrame(
        [
            ("A", "重庆云岫机器人有限公司", CODE),
            ("B", "云岫机器人(重庆)有限公司", None),
            ("C", "澄砚轴承", CODE),
            ("D", "重庆翎沃电子材料科技有限公司", None),
            ("F", "重庆翎握电子材料科技有限公司", None),
            ("G", "朔垣国际物流有限公司", None),
        ],
        columns=["enterprise_id", "name", "uscc"],
    )
    answers = NameIndex(roster).duplicates(least=0.5)
    assert answers[["enterprise_id", "other_id", "why"]].to_numpy().tolist() == [
        ["A", "B", "same name"],
        ["A", "C", "same code"],
        ["D", "F", "alike"],
    ]


def test_candidates_are_ranked(index):
    answers = index.candidates(["云岫机器人", "无名"], k=2)
    assert answers["row"].tolist()[:2] == [0, 0]
    assert answers["rank"].tolist()[:2] == [1, 2]
    assert set(answers["enterprise_id"][:2]) == {"E1", "E2"}
    assert answers["score"].iloc[0] >= answers["score"].iloc[1]


def test_bad_arguments_are_named_all_at_once(index):
    twice = pd.DataFrame({"enterprise_id": ["A", "A"], "name": ["甲", "乙"]})
    aliases = pd.DataFrame({"enterprise_id": ["Z"], "alias": ["丙"]})
    with pytest.raises(
        ValueError,
        match=r"(?s)every id once, got duplicate or missing ids \['A'\].*ids of the roster, got \['Z'\]",
    ):
        NameIndex(twice, aliases)
    with pytest.raises(ValueError, match="enterprises: column enterprise_id is missing"):
        NameIndex(pd.DataFrame({"name": ["甲"]}))
    with pytest.raises(ValueError, match=r"got one text '云岫'; write \[name\]"):
        index.resolve("云岫")
    with pytest.raises(ValueError, match="expected town once or 2 times, got 1"):
        index.resolve(["甲", "乙"], town=["水土"])


@settings(max_examples=150)
@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_text_gets_a_status_and_no_crash(names):
    answers = NameIndex(ROSTER, ALIASES).resolve(names)
    assert len(answers) == len(names)
    assert set(answers["status"]) <= set(STATUSES)
    assert ((answers["status"] == "unknown") == answers["enterprise_id"].isna()).all()
    assert answers["score"].between(0, 1).all()
    assert answers["margin"].between(0, 1).all()


@given(
    st.sampled_from(ROSTER["name"].tolist()), st.sampled_from(["", " ", "\u200b", "·"]), st.integers(0, 12)
)
@settings(deadline=None)
def test_marks_and_blanks_do_not_matter(name, mark, at):
    answers = one(NameIndex(ROSTER), name[:at] + mark + name[at:])
    assert answers[["name", "status"]].tolist() == [name, "exact"]


def test_a_slip_in_a_code_is_a_hint_and_no_answer(index):
    answers = one(index, CODE[:-2] + "34")
    assert answers[["enterprise_id", "status"]].tolist() == ["E1", "ambiguous"]
    assert "one slip from the code of E1" in answers["why"]
    assert CODE in answers["why"]
    strange = one(index, "91110000M000100Y4X")
    assert strange["status"] == "unknown"
    assert "no enterprise has this code" in strange["why"]


@pytest.mark.parametrize("piece", ["新材料", "两江新区", "公司", "(", "集团", "一厂", "新", "*ST", "甲"])
def test_long_and_repetitive_names_are_read(piece):
    answers = NameIndex(ROSTER).resolve([piece * 20 + "x", piece * 3_000 + "x"])
    assert not answers["status"].isin(SURE).any()


CROWD = pd.DataFrame(
    {
        "enterprise_id": ["E0", "E1", "E2", "E3"],
        "name": [
            "云岫机器人股份有限公司",
            "澄砚食品集团股份有限公司",
            "翎沃电子材料股份有限公司",
            "渝江精密机械公司",
        ],
    }
)


def test_in_a_crowd_names_compete_for_the_enterprise():
    index = NameIndex(CROWD)
    written = ["云岫机器", "澄砚集团", "澄砚食品", "翎沃材料"]
    usual, crowd = (index.resolve(written, crowd=crowd) for crowd in (False, True))
    assert usual["status"].tolist() == ["contained", "likely", "contained", "likely"]
    assert crowd["status"].tolist() == ["contained", "ambiguous", "contained", "likely"]
    assert crowd["enterprise_id"].tolist() == ["E0", "E1", "E1", "E2"]
    alone = index.resolve(["澄砚集团"], crowd=True)
    assert alone["status"].tolist() == ["likely"]
    assert crowd["score"][1] + crowd["score"][2] < 1


def test_in_a_crowd_one_name_written_twice_does_not_compete_with_itself():
    index = NameIndex(CROWD)
    once, twice = (index.resolve(names, crowd=True) for names in (["翎沃材料"], ["翎沃材料", "*ST 翎沃材料"]))
    assert twice["score"].tolist() == [once["score"][0]] * 2
    assert once["status"].tolist() == ["likely"]


def test_a_list_of_twenty_times_as_many_names_is_a_crowd():
    index = NameIndex(CROWD)
    letters = ("甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉", "风雨雷电雪霜露雾云虹")
    strangers = ["".join(three) for three in itertools.product(*letters)]
    names = ["澄砚集团", "澄砚食品", *strangers]
    answers = index.resolve(names)
    pd.testing.assert_frame_equal(answers, index.resolve(names, crowd=True))
    assert answers["status"].tolist()[:2] == ["ambiguous", "contained"]
    assert index.resolve(names[:900])["status"].tolist()[:2] == ["likely", "contained"]


def test_with_an_empty_roster_every_name_of_a_crowd_is_unknown():
    index = NameIndex(CROWD.head(0))
    assert index.resolve(["澄砚食品", ""], crowd=True)["status"].tolist() == ["unknown", "unknown"]
    assert len(NameIndex(CROWD).resolve([], crowd=True)) == 0
