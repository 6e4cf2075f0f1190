"""Supplier discovery against its peers: hide one product of many companies, rank all companies for it.

Run ``python benchmarks/suppliers.py`` in the project's environment; ``--only chain_kg`` or ``--only
chain_position`` runs one part. Matrix factorisation (``implicit``) runs in ``.bench-venv``. Needs
``../shared/data``.

A company that is known to make the product is not ranked for it (the filtered ranking of link prediction).
Companies that get the same score share the mean of their places. Every peer is run with several settings, and
each is reported with the one that did best **on the very links it is measured on**; ours has one setting,
chosen on other draws than these. One link of every product stays, so that peers that use no names have data
on it.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import results
import scipy.sparse as sp
from sklearn.feature_extraction.text import TfidfVectorizer

from liaison_analysis import find_suppliers
from liaison_analysis.link_prediction.supplier_features import segment_max
from liaison_analysis.text import encode, normalise

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
HIDDEN = 1_000


def chain_kg():
    folder = DATA / "chain_kg"
    makes = pd.read_parquet(folder / "company_product.parquet")
    offers = pd.DataFrame(
        {
            "enterprise_id": makes["company_code"].str[:6],
            "product": makes["product_name"],
            "weight": makes["rel_weight"],
        }
    )
    links = pd.read_parquet(folder / "product_product.parquet")
    down = links["rel"].eq("下游产品")
    chain = pd.DataFrame(
        {
            "upstream": links["from_entity"].where(down, links["to_entity"]),
            "downstream": links["to_entity"].where(down, links["from_entity"]),
            "relation": links["rel"],
        }
    )
    return offers.drop_duplicates(["enterprise_id", "product"], ignore_index=True), chain


def chain_position():
    rows = pd.read_csv(DATA / "tw_industry_chains" / "company_positions.csv", dtype=str)
    offers = pd.DataFrame({"enterprise_id": rows["code"].fillna(rows["company"]), "product": rows["segment"]})
    return offers.drop_duplicates(ignore_index=True), None


def hide(offers, seed, *, least):
    """One product each of companies with ``least`` or more, of products with two or more makers."""
    n_products = offers.groupby("enterprise_id")["product"].transform("size")
    n_makers = offers.groupby("product")["enterprise_id"].transform("size")
    fit = offers[n_products.ge(least) & n_makers.ge(2)].sample(frac=1, random_state=seed)
    hidden = fit.drop_duplicates("enterprise_id")
    spare = n_makers[hidden.index] - 1
    hidden = hidden[hidden.groupby("product").cumcount() < spare][:HIDDEN]
    return offers.drop(hidden.index), hidden


class Task:
    """What is known, as a matrix, and what was hidden, for the peers."""

    def __init__(self, known, hidden):
        companies, products = (pd.Index(sorted(known[c].unique())) for c in ("enterprise_id", "product"))
        at = companies.get_indexer(known["enterprise_id"]), products.get_indexer(known["product"])
        self.made = sp.csr_matrix((np.ones(len(known)), at), shape=(len(companies), len(products)))
        self.asked, self.row = np.unique(products.get_indexer(hidden["product"]), return_inverse=True)
        self.company = companies.get_indexer(hidden["enterprise_id"])
        self.names = normalise(products)
        self.known = self.made[:, self.asked].toarray().T > 0

    def places(self, scores):
        scores = np.where(self.known, -np.inf, scores)
        own = scores[self.row, self.company][:, None]
        return 1 + (scores[self.row] > own).sum(1) + ((scores[self.row] == own).sum(1) - 1) / 2


def popularity(task):
    n, _ = counts(task)
    yield "", np.tile(n, (len(task.asked), 1))


def diagonal(values, power):
    return sp.diags(1 / np.maximum(values, 1) ** power)


def counts(task):
    return (np.asarray(task.made.sum(axis=axis)).ravel() for axis in (1, 0))


def co_products(task):
    n, m = counts(task)
    shared = task.made.T @ task.made[:, task.asked]
    for power in (0.5, 1.0):
        for by_company in (0.0, 0.5):
            scores = diagonal(n, by_company) @ task.made @ diagonal(m, power) @ shared
            yield f"makers^{power} products^{by_company}", scores.T.toarray()


def alike_companies(task):
    n, m = counts(task)
    rare = task.made @ sp.diags(np.log(len(n) / m))
    rare = diagonal(np.sqrt(np.asarray(rare.multiply(rare).sum(axis=1)).ravel()) + 1, 1) @ rare
    yield "idf", (rare @ (rare.T @ task.made[:, task.asked])).T.toarray()


def pagerank(task):
    n, m = counts(task)
    forth, back = diagonal(m, 1) @ task.made.T, diagonal(n, 1) @ task.made
    for stay in (0.3, 0.5, 0.85):
        start = np.zeros((task.made.shape[1], len(task.asked)))
        start[task.asked, np.arange(len(task.asked))] = 1
        mass = start
        for _ in range(15):
            companies = forth.T @ mass
            mass = (1 - stay) * start + stay * (back.T @ companies)
        yield f"damping {stay}", companies.T


def by_names(task, alike, powers):
    alike[np.arange(len(task.asked)), task.asked] = 0
    mean = diagonal(next(iter(counts(task))), 1) @ task.made
    yield "nearest", segment_max(alike, task.made)
    yield "mean", (mean @ alike.T).T
    for power in powers:
        yield f"sum of powers {power}", (task.made @ (alike**power).T).T


def tfidf(task):
    for high in (2, 3):
        rows = TfidfVectorizer(analyzer="char", ngram_range=(1, high), sublinear_tf=True).fit_transform(
            task.names
        )
        alike = (rows[task.asked] @ rows.T).toarray().astype(np.float32)
        for setting, scores in by_names(task, alike, (1, 2)):
            yield f"characters 1–{high}, {setting}", scores


def vectors(task):
    rows = encode(task.names)
    yield from by_names(task, np.clip(rows[task.asked] @ rows.T, 0, None), (4, 8))


def factorisation(task):
    """``implicit`` ALS in its own environment."""
    python = ROOT / ".bench-venv" / "bin" / "python"
    if not python.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        sp.save_npz(f"{folder}/made.npz", sp.csr_matrix(task.made, dtype=np.float32))
        np.save(f"{folder}/asked.npy", task.asked)
        script = str(Path(__file__).with_name("suppliers_peers.py"))
        subprocess.run([python, script, folder], check=True)  # noqa: S603 - our own script
        for path in sorted(Path(folder).glob("als*.npy")):
            yield path.stem, np.load(path)


PEERS = {
    "popularity": popularity,
    "co-product neighbours": co_products,
    "companies with alike products": alike_companies,
    "personalised PageRank": pagerank,
    "matrix factorisation (implicit ALS)": factorisation,
    "TF-IDF of names": tfidf,
    "sentence vectors of names": vectors,
}


def ours(known, hidden, chain, **options):
    clock, processor = time.perf_counter(), time.process_time()
    found = find_suppliers(known, sorted(hidden["product"].unique()), chain=chain, k=10_000, **options)
    seconds = time.perf_counter() - clock, time.process_time() - processor
    unlisted = found[~found["listed"]]
    places = hidden.merge(unlisted, on=["product", "enterprise_id"], how="left")["rank"]
    return places.fillna(np.inf).to_numpy(), seconds


def figures(places):
    return {
        "MRR": np.mean(1 / places),
        "Hits@1": np.mean(places <= 1),
        "Hits@10": np.mean(places <= 10),
        "Hits@50": np.mean(places <= 50),
    }


def measure(offers, chain, seeds, least):
    runs, spent = {}, []
    for seed in seeds:
        known, hidden = hide(offers, seed, least=least)
        task = Task(known, hidden)
        for peer, scorer in PEERS.items():
            for setting, scores in scorer(task):
                runs.setdefault((peer, setting), []).append(figures(task.places(scores)))
        places, seconds = ours(known, hidden, chain)
        runs.setdefault(("find_suppliers", ""), []).append(figures(places))
        spent.append(seconds)
        print(
            seed,
            len(hidden),
            {k: round(float(v), 4) for k, v in figures(places).items()},
            seconds,
            flush=True,
        )
    rows = []
    for (peer, setting), each in runs.items():
        frame = pd.DataFrame(each)
        rows.append(
            {
                "method": peer,
                "setting": setting,
                **frame.mean(),
                "MRR of each draw": frame["MRR"].round(3).tolist(),
            }
        )
    table = pd.DataFrame(rows).round(4)
    best = table.sort_values("MRR", ascending=False, kind="stable").drop_duplicates("method")
    peers = table[table["method"].ne("find_suppliers")]
    own = table[table["method"].eq("find_suppliers")].iloc[0]
    ratio = {c: own[c] / peers[c].max() for c in ("MRR", "Hits@10")}
    return best, ratio, spent


def part(title, data, seeds, least, target):
    offers, chain = data()
    best, ratio, spent = measure(offers, chain, seeds, least)
    clock, processor = np.array(spent).T
    shares_text = ", ".join(f"{name} {value:.2f} ×" for name, value in ratio.items())
    n_companies, n_products = offers["enterprise_id"].nunique(), offers["product"].nunique()
    size = f"{len(offers):,} links, {n_companies:,} companies, {n_products:,} products; draws {list(seeds)}."
    spent_on = (
        f"One call took {clock.min():.0f}–{clock.max():.0f} s by the clock, {processor.min():.0f}–"
        f"{processor.max():.0f} s of processor; the first also encodes the names."
    )
    aims = []
    if target:
        aims = [
            results.targets(*((f"{name}, × best peer", value, ">=", target) for name, value in ratio.items()))
        ]
    return "\n\n".join(
        [
            f"## Supplier discovery: {title[0].lower()}{title[1:]}",
            size,
            results.table(best),
            f"Against the best setting of any peer, of each figure on its own: {shares_text}. {spent_on}",
            *aims,
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["chain_kg", "chain_position"])
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    if not DATA.exists():
        raise SystemExit("no ../shared/data beside the project; nothing to measure on")
    seeds = range(arguments.seeds)
    parts = {
        "chain_kg": lambda: part("Hidden products on `chain_kg`", chain_kg, seeds, 3, 1.5),
        "chain_position": lambda: part(
            "Hidden segment of the industry chain on `tw_industry_chains`", chain_position, seeds, 2, None
        ),
    }
    for name, run in parts.items():
        if arguments.only in {None, name}:
            text = run()
            print(text)
            results.write_section(f"suppliers_{name}", text)


if __name__ == "__main__":
    main()
