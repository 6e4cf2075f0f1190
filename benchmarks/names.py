"""Names against peers: A-share short names, distractors, slips, small rosters, speed and memory.

Run ``python benchmarks/names.py`` in the project's environment; ``--fit`` prints the weights that
``names.features.WEIGHTS`` ships. rapidfuzz and Splink run in ``.bench-venv``. Needs ``../shared/data``.

Every figure of ours is out of sample: pairs are dealt into five folds, and each is resolved with weights
fitted on the other four. Distractors that weights are fitted on are not measured on.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import logsumexp

from liaison_analysis.names import SURE, NameIndex
from liaison_analysis.names.features import (
    build_entries,
    is_long,
    nearest,
    odds,
    pair_features,
    sound_of,
    utilities,
)
from liaison_analysis.names.parts import take_apart

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
FOLDS = 5
N_TRAINING_DISTRACTORS = 6_000
COMMON = "的一是在有和大小中国天地人山水金木火土东南西北新华海江河龙凤飞宏达盛通信泰丰康美佳德安平正光明"


def load():
    pairs = pd.read_csv(DATA / "company_names" / "a_share_pairs_dev.csv", dtype=str)
    listed = pd.read_parquet(DATA / "chain_kg" / "company.parquet", columns=["name", "fullname"])
    distractors = pd.read_parquet(DATA / "company_names" / "short_name_distractors.parquet")["short_name"]
    return pairs[["short_name", "full_name"]], listed, distractors.drop_duplicates().reset_index(drop=True)


def names_a_firm(distractors, listed):
    """Distractors that do name a listed firm: its short name, or a piece of a listed name."""
    short = {p.stem for p in take_apart(listed["name"])}
    pieces = set()
    for part in take_apart(listed["fullname"]):
        for text in (part.plain, part.stem):
            pieces.update(
                text[a:b] for a in range(len(text)) for b in range(a + 2, min(a + 14, len(text)) + 1)
            )
    return np.array(
        [p.stem in short or p.stem in pieces or p.plain in pieces for p in take_apart(distractors)]
    )


def substituted(names, rng, *, alike=False):
    """One character before the legal form by another one: any common one, or one that sounds alike."""
    by_sound = defaultdict(list)
    for c in sorted(set("".join(names)) | set(COMMON)):
        by_sound[sound_of(c)].append(c)
    changed = []
    for name in names:
        end = len(name.removesuffix("股份有限公司").removesuffix("股份")) or len(name)
        at = int(rng.integers(end))
        others = [c for c in (by_sound[sound_of(name[at])] if alike else COMMON) if c != name[at]]
        other = str(rng.choice(others or [c for c in COMMON if c != name[at]]))
        changed.append(name[:at] + other + name[at + 1 :])
    return changed


class Sample:
    """Written names with their candidates' features; ``right`` is a place in the roster, −1 for none."""

    def __init__(self, entries, written, right, *, without=None):
        parts = take_apart(written)
        self.places, cosines = nearest([p.stem for p in parts], entries)
        if without is not None:
            self.places = np.where(self.places == np.asarray(without)[:, None], -1, self.places)
        self.features = pair_features(parts, entries, self.places, cosines)
        right = np.asarray(right)[:, None]
        self.hit = (self.places == right) & (right >= 0)
        self.reachable = self.hit.any(axis=1)
        self.none = right[:, 0] < 0
        self.long = is_long(parts)
        self.owners = np.arange(len(entries.parts))

    def odds(self, weights):
        return odds(utilities(self.features, self.places, self.owners, self.long, weights=weights))


def fit(samples, l2=1.0):
    """Weights by penalised maximum likelihood; ``samples`` are (sample, rows) pairs."""
    features = np.concatenate([s.features[r] for s, r in samples]).astype(float)
    valid = np.concatenate([s.places[r] >= 0 for s, r in samples])
    target = np.concatenate([np.where(s.none[r], valid.shape[1], s.hit[r].argmax(1)) for s, r in samples])
    usable = np.concatenate([s.none[r] | s.reachable[r] for s, r in samples])
    features, valid, target = features[usable], valid[usable], target[usable]
    rows = np.arange(len(target))

    def loss(weights):
        utility = np.where(valid, features @ weights[:-1] + weights[-1], -1e9)
        utility = np.column_stack([utility, np.zeros(len(rows))])
        total = logsumexp(utility, axis=1)
        share = np.exp(utility - total[:, None])
        value = (total - utility[rows, target]).sum()
        share[rows, target] -= 1
        slope = np.append(np.einsum("nk,nkf->f", share[:, :-1], features), share[:, :-1].sum())
        penalised = np.append(weights[:-1], 0.0)
        return value + l2 / 2 * (penalised @ penalised), slope + l2 * penalised

    start = np.zeros(features.shape[2] + 1)
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1_000}).x


def training(pairs, listed, distractors):
    """Samples of a long and a short roster; rows that belong to a pair carry its number."""
    rng = np.random.default_rng(0)
    out = []
    for roster in (sorted(listed["fullname"]), sorted(pairs["full_name"])):
        place = {name: i for i, name in enumerate(roster)}
        entries = build_entries(take_apart(roster))
        right = pairs["full_name"].map(place).to_numpy()
        nobody = np.full(len(pairs), -1)
        every = np.arange(len(pairs))
        half, other = every[::2], every[1::2]
        full = pairs["full_name"].tolist()
        out += [
            (Sample(entries, pairs["short_name"], right), every),
            (Sample(entries, pairs["short_name"][::3], nobody[::3], without=right[::3]), every[::3]),
            (Sample(entries, substituted([full[i] for i in half], rng), right[half]), half),
            (Sample(entries, [full[i] for i in other], nobody[other], without=right[other]), other),
            (
                Sample(entries, substituted(pairs["short_name"][1::12], rng, alike=True), right[1::12]),
                every[1::12],
            ),
            (Sample(entries, substituted([full[i] for i in other], rng, alike=True), right[other]), other),
            (Sample(entries, distractors, np.full(len(distractors), -1)), None),
        ]
    for seed in range(8):
        some = np.sort(np.random.default_rng(seed).choice(len(pairs), 240, replace=False))
        entries = build_entries(take_apart(pairs["full_name"].iloc[some]))
        short = pairs["short_name"].iloc[some]
        out.append((Sample(entries, short, np.arange(240)), some))
        third = np.arange(240)[::3]
        out.append((Sample(entries, short.iloc[third], np.full(80, -1), without=third), some[third]))
    return out


def fitted(samples, folds, fold):
    """Weights from all samples but those of the pairs in ``fold``; all of them for −1."""
    used = [(s, np.ones(len(s.none), bool) if who is None else folds[who] != fold) for s, who in samples]
    return np.stack([fit([(s, rows & (s.long == long)) for s, rows in used]) for long in (False, True)])


def recall_at(score, right, noise, precision):
    """Highest recall of answers above a threshold of the score at which the wanted precision is kept."""
    score = np.concatenate([score, noise])
    right_all = np.concatenate([right, np.zeros(len(noise), bool)])
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(right_all[order])
    good = np.flatnonzero(hits / np.arange(1, len(order) + 1) >= precision)
    return hits[good[-1]] / len(right) if len(good) else 0.0


def weights_by_fold(pairs, listed, distractors, real):
    """Weights without each fold, with all of them, the folds, and the distractors not fitted on."""
    order = np.random.default_rng(0).permutation(len(distractors))
    fitted_on, rest = order[:N_TRAINING_DISTRACTORS], np.sort(order[N_TRAINING_DISTRACTORS:])
    samples = training(pairs, listed, distractors.iloc[fitted_on[~real[fitted_on]]].tolist())
    folds = np.random.default_rng(0).integers(0, FOLDS, len(pairs))
    return [fitted(samples, folds, k) for k in range(FOLDS)], fitted(samples, folds, -1), folds, rest


def ranking(roster, written, truth, weights, folds):
    """Margin and rank of the right name for each, out of sample; rank 0 is first."""
    place = {name: i for i, name in enumerate(roster)}
    sample = Sample(build_entries(take_apart(roster)), written, [place[t] for t in truth])
    margin, rank = np.zeros(len(truth)), np.full(len(truth), 99)
    for k in range(FOLDS):
        mine = np.flatnonzero(folds == k)
        shares = sample.odds(weights[k])[mine]
        top = np.sort(shares, axis=1)
        margin[mine] = top[:, -1] - top[:, -2]
        hit = np.take_along_axis(sample.hit[mine], np.argsort(-shares, axis=1, kind="stable"), axis=1)
        rank[mine] = np.where(hit.any(axis=1), hit.argmax(axis=1), 99)
    return margin, rank


def margins(roster, written, weights, *, without=None, size=20_000):
    """Margins of names that match no enterprise of the roster."""
    entries = build_entries(take_apart(roster))
    out = []
    for start in range(0, len(written), size):
        part = written[start : start + size]
        removed = None if without is None else without[start : start + size]
        top = np.sort(Sample(entries, part, np.full(len(part), -1), without=removed).odds(weights), axis=1)
        out.append(top[:, -1] - top[:, -2])
    return np.concatenate(out)


def statuses(roster, written, truth, weights, folds):
    """What ``resolve`` says, out of sample: share answered with certainty, precision of that, right first."""
    frame = pd.DataFrame({"enterprise_id": roster, "name": roster})
    sure = right = first = 0
    for k in range(FOLDS):
        mine = np.flatnonzero(folds == k)
        found = NameIndex(frame, weights=weights[k]).resolve([written[i] for i in mine])
        hit = found["enterprise_id"].to_numpy() == np.asarray(truth)[mine]
        certain = found["status"].isin(SURE).to_numpy()
        sure, right, first = sure + certain.sum(), right + (hit & certain).sum(), first + hit.sum()
    return {
        "answered": sure / len(truth),
        "precision": right / max(sure, 1),
        "right first": first / len(truth),
    }


def strangers(roster, short, truth, clean, weights, folds):  # noqa: PLR0917 - one place calls it
    """Share of names that match no enterprise which ``resolve`` answers with certainty, out of sample.

    Short names whose firms are taken off the roster, a fold's at once; then distractors.
    """
    wrong = 0
    for k in range(FOLDS):
        mine = np.flatnonzero(folds == k)
        gone = {truth[i] for i in mine}
        kept = [name for name in roster if name not in gone]
        index = NameIndex(pd.DataFrame({"enterprise_id": kept, "name": kept}), weights=weights[k])
        wrong += index.resolve([short[i] for i in mine])["status"].isin(SURE).sum()
    index = NameIndex(pd.DataFrame({"enterprise_id": roster, "name": roster}), weights=weights[0])
    return wrong / len(short), index.resolve(clean)["status"].isin(SURE).mean()


def quality(pairs, listed, distractors, real, fits):
    weights, _, folds, rest = fits
    truth, short = pairs["full_name"].tolist(), pairs["short_name"].tolist()
    rosters = {"dev list": sorted(truth), "all listed": sorted(listed["fullname"])}
    ranks, noise, outcome, wrong = [], [], [], []
    for name, roster in rosters.items():
        rng = np.random.default_rng(99)
        for kind, written in (
            ("short names", short),
            ("full names, one character by a common one", substituted(truth, rng)),
            ("full names, one character by a homophone", substituted(truth, rng, alike=True)),
            ("short names, one character by a common one", substituted(short, rng)),
            ("short names, one character by a homophone", substituted(short, rng, alike=True)),
        ):
            margin, rank = ranking(roster, written, truth, weights, folds)
            ranks.append((name, len(roster), kind, (rank == 0).mean(), (rank < 5).mean()))
            if kind == "short names":
                kept, right = margin, rank == 0
            outcome.append((name, kind, *statuses(roster, written, truth, weights, folds).values()))
        some = distractors.iloc[np.random.default_rng(2).choice(rest[~real[rest]], 20_000, replace=False)]
        wrong.append((name, *strangers(roster, short, truth, some.tolist(), weights, folds)))
        place = {full: i for i, full in enumerate(roster)}
        own = np.array([place[t] for t in truth])
        removed = np.zeros(len(truth))
        for k in range(FOLDS):
            mine = np.flatnonzero(folds == k)
            removed[mine] = margins(roster, [short[i] for i in mine], weights[k], without=own[mine])
        others = margins(roster, distractors.iloc[rest].tolist(), weights[0])
        clean = others[~real[rest]]
        pick = np.random.default_rng(1)
        for what, negatives in (
            ("as many distractors that name no listed firm", pick.choice(clean, len(truth), replace=False)),
            ("as many distractors, whatever they name", pick.choice(others, len(truth), replace=False)),
            ("as many short names whose firm is taken off the roster", removed),
            (f"all {len(clean):,} distractors that name no listed firm", clean),
            (f"all {len(others):,} distractors, whatever they name", others),
        ):
            noise.append(
                (name, what, recall_at(kept, right, negatives, 0.95), recall_at(kept, right, negatives, 0.98))
            )
    small = []
    for seed in range(20, 40):
        some = np.sort(np.random.default_rng(seed).choice(len(pairs), 240, replace=False))
        names = [truth[i] for i in some]
        small.append((ranking(names, [short[i] for i in some], names, weights, folds[some])[1] == 0).mean())
    ranks.append(("20 rosters of 240", 240, "short names", np.mean(small), np.nan))
    return (
        pd.DataFrame(ranks, columns=["roster", "names", "written", "right first", "in first five"]),
        pd.DataFrame(
            noise, columns=["roster", "beside", "recall at precision .95", "recall at precision .98"]
        ),
        pd.DataFrame(
            outcome,
            columns=["roster", "written", "answered with certainty", "precision of these", "right first"],
        ),
        pd.DataFrame(wrong, columns=["roster", "short names of firms taken off it", "20,000 distractors"]),
    )


def peers(pairs, listed):
    """Peers in ``.bench-venv``, by their own process: right first, in first five, seconds."""
    python = ROOT / ".bench-venv" / "bin" / "python"
    if not python.exists():
        return pd.DataFrame({"note": ["no .bench-venv: peers were not run"]})
    rows = []
    for name, roster in (
        ("dev list", sorted(pairs["full_name"])),
        ("all listed", sorted(listed["fullname"])),
    ):
        place = {full: i for i, full in enumerate(roster)}
        ours = {"roster": take_apart(roster), "written": take_apart(pairs["short_name"])}
        task = {
            "stems": {what: [p.stem for p in parts] for what, parts in ours.items()},
            "cores": {what: [p.core for p in parts] for what, parts in ours.items()},
            "right": [place[full] for full in pairs["full_name"]],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "task.json"
            path.write_text(json.dumps(task), encoding="utf-8")
            for peer in ("jaro_winkler", "wratio", "tfidf", "splink"):
                script = Path(__file__).with_name("names_peers.py")
                done = subprocess.run(  # noqa: S603 - our own script
                    [str(python), str(script), peer, str(path)], capture_output=True, text=True, check=False
                )
                outcome = (
                    json.loads(done.stdout.splitlines()[-1])
                    if done.returncode == 0
                    else {"peer": f"{peer}: failed"}
                )
                rows.append({"roster": name, **outcome})
                if done.returncode:
                    print(done.stderr[-800:], file=sys.stderr)
    return pd.DataFrame(rows)


def speed(pairs, listed, distractors):
    """Seconds of ``NameIndex(…).resolve`` with the shipped weights, and the peak of memory."""
    full = sorted(listed["fullname"])
    extra = [f"重庆{d}科技有限公司" for d in distractors.iloc[: 5_000 - len(full)]]
    roster = pd.DataFrame({"enterprise_id": [f"E{i}" for i in range(5_000)], "name": [*full, *extra]})
    rng = np.random.default_rng(3)
    mixed = [*pairs["short_name"], *substituted(pairs["full_name"], rng), *distractors.iloc[-612:]]
    rows = []
    for what, names in (
        ("5,000 mixed names", mixed),
        (f"{len(distractors):,} short names", distractors.tolist()),
    ):
        clock, processor = time.perf_counter(), time.process_time()
        index = NameIndex(roster)
        index.resolve(names)
        used = time.perf_counter() - clock, time.process_time() - processor
        rows.append((what, len(roster), *used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6))
    return pd.DataFrame(rows, columns=["asked", "roster", "seconds", "processor seconds", "peak GB so far"])


def ambiguous():
    folder = ROOT / "tests" / "data"
    asked = pd.read_csv(folder / "ambiguous_names.csv")["written"]
    found = NameIndex(pd.read_csv(folder / "ambiguous_roster.csv")).resolve(asked)
    return f"{found['status'].isin(SURE).sum()} certain answers to {len(asked)} ambiguous names"


def table(frame):
    def cell(value):
        if isinstance(value, float):
            return "–" if np.isnan(value) else f"{value:.3f}"
        return str(value)

    lines = [
        list(frame.columns),
        ["---"] * frame.shape[1],
        *[[cell(v) for v in row] for row in frame.to_numpy().tolist()],
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="print the weights to ship, and nothing else")
    parser.add_argument("--only", choices=["quality", "peers", "speed"], help="run one part and print it")
    arguments = parser.parse_args()
    if not DATA.exists():
        raise SystemExit("no ../shared/data beside the project; nothing to measure on")
    pairs, listed, distractors = load()
    if arguments.only == "speed":
        print(table(speed(pairs, listed, distractors)))
        return
    if arguments.only == "peers":
        print(table(peers(pairs, listed)))
        return
    real = names_a_firm(distractors, listed)
    fits = weights_by_fold(pairs, listed, distractors, real)
    if arguments.fit:
        print(json.dumps(fits[1].round(3).tolist()))
        return
    ranks, noise, outcome, wrong = quality(pairs, listed, distractors, real, fits)
    parts = ["## Names", "Out of sample (five folds by enterprise). Short name → enterprise:", table(ranks)]
    parts += ["Recall by margin, with names that match no enterprise mixed in:", table(noise)]
    parts += [
        "What `resolve` answers with certainty (code, alias, exact, contained, likely):",
        table(outcome),
    ]
    parts += [
        "Share of names of no enterprise on the roster that `resolve` answers with certainty, hence wrongly:",
        table(wrong),
    ]
    parts += [f"`tests/data/ambiguous_names.csv`: {ambiguous()}."]
    if not arguments.only:
        run = subprocess.run(  # noqa: S603 - this script, so that memory is its own
            [sys.executable, __file__, "--only", "speed"], capture_output=True, text=True, check=True
        )
        parts += [
            "Peers, short names, the same run:",
            table(peers(pairs, listed)),
            "Speed:",
            run.stdout.strip(),
        ]
    text = "\n\n".join(parts)
    print(text)
    if not arguments.only:
        from results import write_section

        write_section("names", text)


if __name__ == "__main__":
    main()
