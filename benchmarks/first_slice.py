"""The first slice on real input: introductions on ``chain_kg``, mentions in real technology demands.

Run with ``python benchmarks/first_slice.py`` in the project's environment. Needs ``../shared/data``.

How ``chain_kg`` becomes a ledger. Enterprises are the companies by their six-digit code (a renamed company
stands there twice; its first row is kept). Offers are company→product, with ``rel_weight`` as the share of
revenue where it lies between 0 and 1, else none. ``上游材料`` says that ``to_entity`` is an upstream
material of ``from_entity``: to_entity feeds from_entity. ``下游产品`` says that from_entity feeds to_entity.
``产品小类`` is a kind of, not a feeding, and is left out. There are no demands: the chain alone speaks.
"""

from __future__ import annotations

import argparse
import importlib
import math
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path

import networkx as nx
import pandas as pd

from liaison_analysis import find_mentions, load_liangjiang
from liaison_analysis.graph import MAX_HOPS, build_supply_graph
from liaison_analysis.introductions import rank_introductions
from liaison_analysis.ledger import Ledger, typed

DATA = Path(__file__).parents[2] / "shared" / "data"


def chain_kg() -> Ledger:
    folder = DATA / "chain_kg"
    companies = pd.read_parquet(folder / "company.parquet")
    makes = pd.read_parquet(folder / "company_product.parquet")
    feeds = pd.read_parquet(folder / "product_product.parquet")
    firms = pd.DataFrame({"enterprise_id": companies["code"].str[:6], "name": companies["fullname"]})
    offers = pd.DataFrame(
        {
            "enterprise_id": makes["company_code"].str[:6],
            "product": makes["product_name"],
            "weight": makes["rel_weight"].where(makes["rel_weight"].between(0, 1)),
        }
    )
    up, down = feeds[feeds["rel"].eq("上游材料")], feeds[feeds["rel"].eq("下游产品")]
    chain = pd.concat(
        [
            pd.DataFrame(
                {"upstream": up["to_entity"], "downstream": up["from_entity"], "relation": "material"}
            ),
            pd.DataFrame(
                {"upstream": down["from_entity"], "downstream": down["to_entity"], "relation": "part"}
            ),
        ]
    )
    chain = chain[chain["upstream"] != chain["downstream"]]
    frames = {
        "enterprises": firms.drop_duplicates("enterprise_id"),
        "offers": offers.drop_duplicates(["enterprise_id", "product"]),
        "product_chain": chain.drop_duplicates(["upstream", "downstream"]),
    }
    return Ledger(**{name: typed(name, frame.reset_index(drop=True)) for name, frame in frames.items()})


def by_networkx(ledger: Ledger, seekers: list[str], k: int = 10) -> dict[tuple[str, str], float]:
    """The same scores by a walk over a NetworkX graph, seeker by seeker."""
    graph = nx.DiGraph(
        list(ledger.product_chain[["upstream", "downstream"]].itertuples(index=False, name=None))
    )
    offers = ledger.offers
    alike = 1.0 / offers.groupby("enterprise_id")["product"].transform("count")
    share = offers["weight"].astype("float64").fillna(alike).clip(lower=0.01)
    makers, made = defaultdict(list), defaultdict(list)
    for firm, product, part in zip(offers["enterprise_id"], offers["product"], share, strict=True):
        makers[product].append((firm, part))
        made[firm].append((product, part))
    scores: dict[tuple[str, str], float] = {}
    for seeker in seekers:
        missed: dict[str, float] = defaultdict(float)
        for start, part in made[seeker]:
            best: dict[str, float] = {}
            layer = {start: 1.0} if start in graph else {}
            for hop in range(MAX_HOPS):
                after: dict[str, float] = {}
                for product, strength in layer.items():
                    for end in graph.successors(product):
                        link = (graph.out_degree(product) * graph.in_degree(end)) ** -0.25
                        reached = strength * link * (0.7 if hop else 1.0)
                        if end != start and reached > after.get(end, 0.0):
                            after[end] = reached
                for end, strength in after.items():
                    best[end] = max(best.get(end, 0.0), strength)
                layer = after
            for end, strength in best.items():
                for firm, part_of_user in makers.get(end, ()):
                    if firm != seeker:
                        joint = min(strength * math.sqrt(part * part_of_user), 0.999999)
                        missed[firm] += math.log(1 - joint)
        found = {firm: 1 - math.exp(total) for firm, total in missed.items()}
        ranked = sorted((-round(0.45 * c / (c + 0.1), 9), firm) for firm, c in found.items())
        scores |= {(seeker, firm): -score for score, firm in ranked[:k]}
    return scores


def timed(call):
    """Result, seconds by the clock and seconds of processor; the two part where others share the machine."""
    clock, processor = time.perf_counter(), time.process_time()
    result = call()
    return result, round(time.perf_counter() - clock, 2), round(time.process_time() - processor, 2)


def peak_gb() -> float:
    """Highest resident memory of this process so far, in GB (Linux counts kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def introductions(n: int) -> pd.DataFrame:
    ledger = chain_kg()
    rank_introductions(load_liangjiang(), ["E001"])  # so that imports are not timed
    rows = []
    graph, *seconds = timed(lambda: build_supply_graph(ledger))
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    rows.append(("build_supply_graph", "all", *seconds, round(peak_gb(), 2), size))
    del graph
    ids = sorted(set(ledger.offers["enterprise_id"]))
    some = ids[:: max(1, len(ids) // n)][:n]
    for name, seekers in ((f"{len(some)} seekers", some), (f"all {len(ledger.enterprises):,}", None)):
        found, *seconds = timed(lambda seekers=seekers: rank_introductions(ledger, seekers))
        rows.append(("rank_introductions", name, *seconds, round(peak_gb(), 2), f"{len(found):,} pairs"))
        walked, *seconds = timed(lambda seekers=seekers: by_networkx(ledger, seekers or ids))
        ours = {(r.seeker_id, r.counterpart_id): r.score for r in found.itertuples()}
        same = sum(abs(ours.get(pair, 9) - score) < 1e-6 for pair, score in walked.items())
        note = f"{len(walked):,} pairs, {same:,} the same as above"
        rows.append(("NetworkX walk", name, *seconds, round(peak_gb(), 2), note))
    found, *seconds = timed(lambda: rank_introductions(ledger, role="supplier"))
    rows.append(
        ("rank_introductions, suppliers", "all", *seconds, round(peak_gb(), 2), f"{len(found):,} pairs")
    )
    columns = ["step", "input", "seconds", "processor seconds", "peak GB so far", "result"]
    return pd.DataFrame(rows, columns=columns)


def mentions() -> pd.DataFrame:
    """Counts only: what the sample's vocabulary and the intents find in technology demands of real firms."""
    real = pd.read_parquet(DATA / "enterprise_tech_demands" / "requirements.parquet")
    rows = []
    for name, texts in (
        ("titles", real["title"]),
        ("titles and texts", real["title"] + "。" + real["content"]),
    ):
        found, *seconds = timed(lambda texts=texts: find_mentions(texts.fillna(""), load_liangjiang()))
        kinds = found.drop_duplicates(["row", "kind", "value"])
        counts = pd.crosstab(kinds["row"], kinds["kind"]).reindex(range(len(texts)), fill_value=0)
        intents = found[found["kind"].eq("intent")].groupby("value")["row"].nunique()
        told = ", ".join(f"{value} {n}" for value, n in intents.sort_values(ascending=False).items())
        rows.append(
            (
                name,
                len(texts),
                *seconds,
                counts["product"].mean(),
                int(counts["product"].gt(0).sum()),
                counts["intent"].mean(),
                told,
            )
        )
    columns = ["input", "texts", "seconds", "processor seconds"]
    columns += ["products a text", "texts with one", "intents a text", "texts by intent"]
    return pd.DataFrame(rows, columns=columns).round(2)


def table(frame: pd.DataFrame) -> str:
    """A table for Markdown."""
    lines = [list(frame.columns), ["---"] * frame.shape[1], *frame.astype("str").to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seekers", type=int, default=200, help="how many seekers the smaller run has")
    arguments = parser.parse_args()
    if not DATA.exists():
        raise SystemExit("no ../shared/data beside the project; nothing to measure on")
    text = "\n\n".join(
        [
            "## First slice",
            "Introductions by the chain alone, on `chain_kg` (extracted by machine, no gold; no demands):",
            table(introductions(arguments.seekers)),
            "`find_mentions` with the sample's vocabulary on 371 technology demands (research, few trades):",
            table(mentions()),
        ]
    )
    print(text)
    try:
        results = importlib.import_module("results")
    except ModuleNotFoundError:
        print("\nno benchmarks/results.py: printed only", file=sys.stderr)
    else:
        results.write_section("first_slice", text)


if __name__ == "__main__":
    main()
