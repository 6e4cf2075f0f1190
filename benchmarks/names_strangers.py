"""Names among a crowd of strangers: every distractor as a query, and what a slip in a short name leaves.

Run ``python benchmarks/names_strangers.py`` in the project's environment (needs ``../shared/data``);
``--fit`` prints the weights that ``name_scores.AMONG_STRANGERS`` ships.

Where most names are nobody's, as here, where 259,660 of 261,854 are, weights fitted on a ledger's names are
too trusting: the same features are weighed anew with the crowd itself as examples of "none of them".
Everything is out of sample: enterprises and distractors are dealt into five folds each, and each is resolved
with weights fitted on the others.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter, defaultdict

import numpy as np
import pandas as pd
from names import FOLDS, Sample, fit, load, names_a_firm, recall_at, substituted, table
from results import write_section

from liaison_analysis.name_parts import is_generic, take_apart
from liaison_analysis.name_scores import WEIGHTS, build_entries, sound_of

KEPT = 6  # candidates that are weighed; the others are far behind
HOPELESS = 0.02  # a name whose candidates have less than this together is nobody's under any weights
SIZE = 20_000


class Best:
    """The best candidates of written names, as ``names.fit`` takes them; ``kept``: places of the rows."""

    def __init__(self, entries, written, right, *, without=None, least=0.0):
        pieces = []
        for start in range(0, len(written), SIZE):
            cut = slice(start, start + SIZE)
            removed = None if without is None else without[cut]
            sample = Sample(entries, written[cut], right[cut], without=removed)
            shares = sample.odds(None)
            rows = np.flatnonzero(shares.sum(axis=1) >= least)
            top = np.argsort(-shares[rows], axis=1, kind="stable")[:, :KEPT]
            pieces.append(
                (
                    start + rows,
                    np.take_along_axis(sample.places[rows], top, axis=1),
                    np.take_along_axis(sample.features[rows], top[:, :, None], axis=1),
                    np.take_along_axis(sample.hit[rows], top, axis=1),
                )
            )
        self.kept, self.places, self.features, self.hit = map(np.concatenate, zip(*pieces, strict=True))
        self.reachable = self.hit.any(axis=1)
        self.none = np.asarray(right)[self.kept] < 0

    def margins(self, weights):
        """Margin of the best over the next, and which is best."""
        fits = self.features @ weights[:-1] + weights[-1]
        utility = np.where(self.places >= 0, fits, -np.inf)
        grown = np.exp(np.minimum(utility, 500))
        shares = grown / (1 + grown.sum(axis=1, keepdims=True))
        ordered = np.sort(shares, axis=1)
        return ordered[:, -1] - ordered[:, -2], shares


def samples_of(roster, pairs, crowd):
    entries = build_entries(take_apart(roster))
    place = {name: i for i, name in enumerate(roster)}
    right = pairs["full_name"].map(place).to_numpy()
    short, nobody = pairs["short_name"].tolist(), np.full(len(pairs), -1)
    return (
        Best(entries, short, right),
        Best(entries, short, nobody, without=right),
        Best(entries, crowd, np.full(len(crowd), -1), least=HOPELESS),
    )


def weights_without(samples, folds, crowd_folds, fold):
    """Weights from all samples but those in ``fold``."""
    used = []
    for short, taken_off, crowd in samples:
        third = (np.arange(len(folds)) % 3 == 0) & (folds != fold)
        used += [(short, folds != fold), (taken_off, third), (crowd, crowd_folds[crowd.kept] != fold)]
    return fit(used)


def kind_of(written, part, name, listed_short):
    """Why a crowd's name was taken for an enterprise: what a reader would say, by rule."""
    other = take_apart([listed_short])[0].stem
    same_length = len(other) == len(written.stem)
    slips = sum(sound_of(a) != sound_of(b) for a, b in zip(other, written.stem, strict=False))
    if (same_length and slips < 2) or (
        abs(len(other) - len(written.stem)) == 1 and _within(written.stem, other)
    ):
        return "a character away from the firm's own short name"
    brand = next((n for n in (4, 3, 2) if written.core[:n] == name.core[:n] and len(written.core) >= n), 0)
    if brand and (len(written.core) == brand or is_generic(written.core[brand:])):
        return "the firm's brand, then words of trade alone: it, its group or a namesake"
    if part:
        return "all characters stand in the firm's name in this order"
    return "other"


def _within(a, b):
    short, long = sorted((a, b), key=len)
    left = iter(long)
    return all(c in left for c in short)


def crowd_tables(pairs, listed, distractors):
    real = names_a_firm(distractors, listed)
    crowd = distractors[~real].tolist()
    rosters = {"dev list": sorted(pairs["full_name"]), "all listed": sorted(listed["fullname"])}
    samples = {name: samples_of(roster, pairs, crowd) for name, roster in rosters.items()}
    folds = np.random.default_rng(0).integers(0, FOLDS, len(pairs))
    crowd_folds = np.random.default_rng(5).integers(0, FOLDS, len(crowd))
    fits = [weights_without(samples.values(), folds, crowd_folds, k) for k in range(FOLDS)]
    short_of = dict(zip(listed["fullname"], listed["name"], strict=True))
    rows, kinds = [], []
    for name, (short, taken_off, others) in samples.items():
        for what in ("a ledger's", "a crowd's"):
            margin, ok, noise = np.zeros(len(pairs)), np.zeros(len(pairs), bool), np.zeros(len(others.kept))
            removed, rank = np.zeros(len(pairs)), np.zeros(len(pairs), int)
            best = np.zeros(len(others.kept), int)
            for k in range(FOLDS):
                weights = fits[k] if what == "a crowd's" else WEIGHTS[0]
                mine, theirs = folds == k, crowd_folds[others.kept] == k
                found, shares = short.margins(weights)
                order = np.argsort(-shares, axis=1, kind="stable")
                hit = np.take_along_axis(short.hit, order, axis=1)
                margin[mine], ok[mine] = found[mine], hit[mine, 0]
                rank[mine] = np.where(hit.any(axis=1), hit.argmax(axis=1), KEPT)[mine]
                removed[mine] = taken_off.margins(weights)[0][mine]
                found, shares = others.margins(weights)
                noise[theirs], best[theirs] = found[theirs], shares.argmax(axis=1)[theirs]
            told = recall_at(margin, ok, noise, 0.95), recall_at(margin, ok, noise, 0.98)
            few = recall_at(margin, ok, removed, 0.98)
            first = f"{ok.mean():.3f}" + ("" if what == "a crowd's" else " (in sample)")
            rows.append((name, what, first, (rank < 5).mean(), *told, few))
        # The last ones are the crowd's: what is answered at the margin that leaves a recall of .93?
        cut = np.sort(margin[ok])[max(0, int(ok.sum() - 0.93 * len(ok)))]
        roster, counts = rosters[name], Counter()
        parts = take_apart(roster)
        doubtful = np.zeros(len(noise), bool)
        for i in np.flatnonzero(noise >= cut):
            at = others.places[i, best[i]]
            whole = others.features[i, best[i], 2] > 0
            kind = kind_of(take_apart([crowd[others.kept[i]]])[0], whole, parts[at], short_of[roster[at]])
            counts[kind] += 1
            doubtful[i] = kind.startswith(("a character", "the firm's brand"))
        kinds += [(name, kind, n) for kind, n in counts.most_common()]
        rest = np.where(doubtful, 0.0, noise)
        told = recall_at(margin, ok, rest, 0.95), recall_at(margin, ok, rest, 0.98)
        rows.append((name, "a crowd's, without the doubtful", "", np.nan, *told, np.nan))
    return (
        pd.DataFrame(
            rows,
            columns=[
                "roster",
                "weights for",
                "right first",
                "in first five",
                "recall at precision .95",
                "recall at precision .98",
                "the same beside short names whose firm is taken off",
            ],
        ),
        pd.DataFrame(kinds, columns=["roster", "taken for a listed firm at recall .93", "n"]),
        len(crowd),
    )


def slips(pairs):
    """What can be had of short names with one wrong character: two oracles."""
    short = pairs["short_name"].tolist()
    roster = sorted(pairs["full_name"])
    place = {name: i for i, name in enumerate(roster)}
    right = pairs["full_name"].map(place).to_numpy()
    entries = build_entries(take_apart(roster))
    known = defaultdict(set)
    for name, firm in zip(short, right, strict=True):
        for at in range(len(name)):
            known[name[:at], name[at + 1 :]].add(firm)
    rows = []
    for what, alike in (("by a common one", False), ("by a homophone", True)):
        written = substituted(short, np.random.default_rng(99), alike=alike)
        pairs_of = zip(short, written, strict=True)
        where = [next(i for i, c in enumerate(x) if c != y[i]) for x, y in pairs_of]
        near = [set().union(*[known.get((y[:i], y[i + 1 :]), set()) for i in range(len(y))]) for y in written]
        if alike:  # of several, those that sound as what is written
            sounds = [[sound_of(c) for c in name] for name in short]
            firms = defaultdict(list)
            for firm, sound in zip(right, sounds, strict=True):
                firms[firm].append(sound)
            heard = [[sound_of(c) for c in name] for name in written]
            near = [{f for f in n if y in firms[f]} for n, y in zip(near, heard, strict=True)]
        blanked = Sample(entries, [y[:i] + y[i + 1 :] for y, i in zip(written, where, strict=True)], right)
        told = blanked.hit[np.arange(len(right)), blanked.odds(None).argmax(axis=1)].mean()
        rows.append((f"short names, one character {what}", np.mean([len(n) == 1 for n in near]), told))
    return pd.DataFrame(
        rows,
        columns=[
            "written",
            "every firm's short name known: one alone is a character away",
            "wrong character known and left out: right first (in sample)",
        ],
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fit", action="store_true", help="print the weights to ship, and nothing else")
    parser.add_argument("--only", choices=["crowd", "slips"], help="run one part and print it")
    given = parser.parse_args()
    start = time.perf_counter()
    pairs, listed, distractors = load()
    if given.fit:
        crowd = distractors[~names_a_firm(distractors, listed)].tolist()
        rosters = (sorted(pairs["full_name"]), sorted(listed["fullname"]))
        samples = [samples_of(roster, pairs, crowd) for roster in rosters]
        nobody = np.full(len(crowd), -2)
        print(json.dumps(weights_without(samples, np.zeros(len(pairs), int), nobody, -1).round(3).tolist()))
        return
    parts = ["## Names among strangers"]
    if given.only != "slips":
        found, kinds, n = crowd_tables(pairs, listed, distractors)
        parts += [
            f"Short names of listed firms and all {n:,} distractors that name none, out of sample:",
            table(found),
            (
                "What is answered wrongly there, by rule; brands alone and slips may well be the firm, so "
                "that no label tells them wrong for sure (doubtful, above):"
            ),
            table(kinds),
        ]
    if given.only != "crowd":
        parts += [
            "What can be had at most of short names with one wrong character, dev list:",
            table(slips(pairs)),
        ]
    parts += [f"{time.perf_counter() - start:.0f} s."]
    text = "\n\n".join(parts)
    print(text)
    if not given.only:
        write_section("names_strangers", text)


if __name__ == "__main__":
    main()
