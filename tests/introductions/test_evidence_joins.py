"""Joins over the frames of evidence."""

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from liaison_analysis import Ledger, load_liangjiang
from liaison_analysis.introductions.evidence import evidence_frames
from liaison_analysis.introductions.evidence_joins import (
    best_paths,
    chain_evidence,
    chain_links,
    linked_evidence,
)
from liaison_analysis.introductions.roles import PAIR


def table_of(frame: pd.DataFrame) -> ibis.Table:
    return ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))


def run(table: ibis.Table) -> pd.DataFrame:
    return ibis.duckdb.connect().to_pyarrow(table).to_pandas()


@pytest.fixture(scope="module")
def frames():
    return evidence_frames(load_liangjiang(), ["E001"], "customer")


def test_what_a_product_is_packed_in_is_hardly_passed_on_by_the_general_chain():
    ledger = Ledger.from_frames(
        {
            "enterprises": pd.DataFrame(
                {
                    "enterprise_id": ["B", "H", "P"],
                    "name": ["甲玻璃有限公司", "乙蜂业有限公司", "丙药业有限公司"],
                    "main_business": ["玻璃瓶", "蜂蜜", "中药丸剂"],
                }
            )
        }
    )
    frames = evidence_frames(ledger, ["B", "H"], "customer")
    relations = frames["feeds"].set_index(["upstream", "downstream"])["relation"]
    assert relations["玻璃瓶", "蜂蜜"] == "packaging"
    assert relations["蜂蜜", "中药丸剂"] == "material"
    links = run(chain_links({name: table_of(frame) for name, frame in frames.items()}, "customer"))
    strength = links.set_index("path")["strength"]
    # Offers read out of a business count a fifth, in either link and once in the path of both.
    steps = strength["玻璃瓶→蜂蜜"] * strength["蜂蜜→中药丸剂"] / 0.2
    assert strength["玻璃瓶→蜂蜜→中药丸剂"] == pytest.approx(steps * 0.7 * 0.3)


def test_links_evidence_and_best_path_agree(frames):
    tables = {name: table_of(frame) for name, frame in frames.items()}
    links = run(chain_links(tables, "customer"))
    joint = run(chain_evidence(chain_links(tables, "customer"))).set_index(PAIR)["chain"]
    paths = run(best_paths(chain_links(tables, "customer"))).set_index(PAIR)["path"]
    assert set(joint.index) == set(paths.index) == set(links[PAIR].itertuples(index=False, name=None))
    for pair, group in links.groupby(PAIR):
        missed = 1.0
        for strength in group["strength"]:
            missed *= 1 - strength
        assert joint[pair] == pytest.approx((1 - missed) / (1 - missed + 0.1))
        best = group.assign(strength=group["strength"].round(9))
        assert paths[pair] == best.sort_values(["strength", "path"], ascending=[False, True])["path"].iloc[0]


def test_who_supplies_firms_like_this_one():
    offers = pd.DataFrame(
        {"enterprise_id": ["S", "T", "C", "D"], "product": ["a", "a", "z", "z"], "share": 1.0}
    )
    traded = pd.DataFrame({"supplier_id": ["S", "T"], "customer_id": ["D", "C"]})
    pairs = pd.DataFrame({"seeker_id": ["S", "T"], "counterpart_id": ["C", "S"]})
    tables = {"offers": table_of(offers), "traded": table_of(traded)}
    found = run(linked_evidence(tables, "customer", table_of(pairs)))
    # S sells to D, which makes what C makes; T, which makes what S makes, sells to C: two links of two firms.
    assert found.to_numpy().tolist() == [["S", "C", pytest.approx(2 / 3), "D"]]
