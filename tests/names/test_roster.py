import pandas as pd

from liaison_analysis.names.roster import EARLIEST, LATEST, build_roster

CODE = "91350100M000100Y43"  # the example of GB 32100-2015


def test_aliases_are_entries_behind_the_names_of_the_roster():
    enterprises = pd.DataFrame(
        {"enterprise_id": ["A", "B"], "name": ["云岫有限公司", None], "town": ["水土", None]}
    )
    aliases = pd.DataFrame(
        {"enterprise_id": ["B", "A"], "alias": ["云岫", "澄砚"], "valid_from": ["1970-01-03", None]}
    )
    roster = build_roster(enterprises, aliases)
    assert roster.owners.tolist() == [0, 1, 1, 0]
    assert roster.valid.tolist() == [[EARLIEST, EARLIEST, 2, EARLIEST], [LATEST] * 4]
    assert roster.keys == {"云岫有限公司": [0], "云岫": [0, 2], "澄砚": [3]}
    assert (roster.names, roster.towns) == (["云岫有限公司", ""], ["水土", ""])


def test_ids_and_credit_codes_lead_to_enterprises_once():
    roster = build_roster(
        pd.DataFrame(
            {
                "enterprise_id": ["e-1", CODE, "E3"],
                "name": ["甲", "乙", "丙"],
                "uscc": [None, CODE.lower(), CODE],
            }
        )
    )
    assert roster.codes == {"E1": [0], CODE: [1, 2], "E3": [2]}


def test_names_without_a_character_have_no_entries():
    assert build_roster(pd.DataFrame({"enterprise_id": ["A"], "name": [""]})).entries is None
