"""Names among many other firms: every distractor as a query; short names with one wrong character.

Run ``python benchmarks/names_strangers.py`` in the project's environment (needs ``../shared/data``);
``--fit`` prints the weights that ``names.register.AMONG_STRANGERS`` ships.

Where most names match no enterprise of the roster (here 259,660 of 261,854), weights fitted on a ledger's
names are overconfident. So weights of the same features, and of features of a name among all others, are
fitted with the other names as examples of "none of them"; and names compete for the enterprise that they
could all mean (``NameIndex.resolve(…, crowd=True)``). Everything is out of sample: enterprises and
distractors are dealt into five folds each, and each is resolved with weights fitted on the others. These
features and the competition use all names, which needs no labels. The firms of the last roster were never
fitted on.
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

from liaison_analysis.names import SURE, NameIndex
from liaison_analysis.names.features import FEATURES, WEIGHTS, build_entries, sound_of
from liaison_analysis.names.parts import is_generic, take_apart
from liaison_analysis.names.register import matched, standing

KEPT = 6  # candidates that are scored; the others are far behind
HOPELESS = 0.02  # a name whose candidates have less than this together matches none under any weights
SIZE = 20_000
# The constant is fitted on names that do not compete. Competition removes candidates, so more may be
# admitted: of 0, 1, 2, 3 and 4 added to it, 2 and 3 give the best recall on the dev list, cross-validated.
LET_IN = 2.0


class Best:
    """The best candidates of written names, as ``names.fit`` takes them; ``kept``: places of the rows."""

    def __init__(self, entries, written, right, stands, *, without=None, least=0.0):
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
        beside = (
            np.broadcast_to(stands[self.kept][:, None, :], (*self.places.shape, stands.shape[1]))
            * (self.places >= 0)[:, :, None]
        )
        self.features = np.concatenate([self.features, beside], axis=2)
        self.reachable = self.hit.any(axis=1)
        self.none = np.asarray(right)[self.kept] < 0

    def utility(self, weights):
        n = len(weights) - 1
        return np.where(self.places >= 0, self.features[:, :, :n] @ weights[:-1] + weights[-1], -np.inf)

    def alone(self, weights):
        """Shares of names that do not compete."""
        grown = np.exp(np.minimum(self.utility(weights), 500))
        return grown / (1 + grown.sum(axis=1, keepdims=True))


def margin_of(shares):
    ordered = np.sort(shares, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def samples_of(roster, pairs, crowd):
    entries = build_entries(take_apart(roster))
    place = {name: i for i, name in enumerate(roster)}
    right = pairs["full_name"].map(place).to_numpy()
    short, nobody = pairs["short_name"].tolist(), np.full(len(pairs), -1)
    stands = standing(take_apart([*short, *crowd]))
    own, theirs = stands[: len(short)], stands[len(short) :]
    return (
        Best(entries, short, right, own),
        Best(entries, short, nobody, own, without=right),
        Best(entries, crowd, np.full(len(crowd), -1), theirs, least=HOPELESS),
    )


def competing(samples, utilities):
    """Shares of the names of several samples that compete with each other."""
    places = np.concatenate([s.places for s in samples])
    ends = np.cumsum([len(s.places) for s in samples])[:-1]
    return np.split(matched(places, np.concatenate(utilities)), ends)


def weights_without(samples, folds, crowd_folds, fold):
    """Weights from all samples but those in ``fold``."""
    used = []
    for short, taken_off, crowd in samples:
        third = (np.arange(len(folds)) % 3 == 0) & (folds != fold)
        used += [(short, folds != fold), (taken_off, third), (crowd, crowd_folds[crowd.kept] != fold)]
    return fit(used)


def kind_of(written, part, name, listed_short):
    """Why another firm's name was taken for an enterprise, classified by rule."""
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


def let_in(weights):
    return np.append(weights[:-1], weights[-1] + LET_IN)


class OutOfSample:
    """Shares out of sample: of the short names, of those whose firm is taken off, and of the crowd."""

    def __init__(self, samples, fits, folds, crowd_folds, *, compete):
        short, _, others = samples
        self.short, self.removed, self.others = (np.zeros(s.places.shape) for s in samples)
        for k, weights in enumerate(fits):
            mine, theirs = folds == k, crowd_folds[others.kept] == k
            if compete:
                utilities = [s.utility(let_in(weights)) for s in samples]
                found, noise = competing((short, others), (utilities[0], utilities[2]))
                without = [np.where(mine[:, None], -np.inf, utilities[0])]
                without.append(np.where(mine[:, None], utilities[1], -np.inf))
                removed = competing(samples, [*without, utilities[2]])[1]
            else:
                found, removed, noise = (s.alone(weights) for s in samples)
            self.short[mine], self.removed[mine] = found[mine], removed[mine]
            self.others[theirs] = noise[theirs]
        order = np.argsort(-self.short, axis=1, kind="stable")
        hit = np.take_along_axis(short.hit, order, axis=1)
        self.right = hit[:, 0]
        self.rank = np.where(hit.any(axis=1), hit.argmax(axis=1), KEPT)
        self.margin, self.noise = margin_of(self.short), margin_of(self.others)

    def row(self, *, noise=None):
        noise = self.noise if noise is None else noise
        outcome = [recall_at(self.margin, self.right, noise, p) for p in (0.95, 0.98)]
        few = recall_at(self.margin, self.right, margin_of(self.removed), 0.98)
        return (self.right.mean(), (self.rank < 5).mean(), *outcome, few)


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
    for name, three in samples.items():
        given = (three, [WEIGHTS[0]] * FOLDS, folds, crowd_folds)
        rows.append((name, "a ledger's (right first in sample)", *OutOfSample(*given, compete=False).row()))
        given = (three, fits, folds, crowd_folds)
        rows.append((name, "a crowd's, none compete", *OutOfSample(*given, compete=False).row()))
        outcome = OutOfSample(*given, compete=True)
        rows.append((name, "a crowd's, names compete", *outcome.row()))
        # Answers at the margin that gives a recall of .93.
        right = np.sort(outcome.margin[outcome.right])
        cut = right[max(0, int(len(right) - 0.93 * len(outcome.right)))]
        roster, counts, others = rosters[name], Counter(), three[2]
        parts, best = take_apart(roster), outcome.others.argmax(axis=1)
        doubtful = np.zeros(len(outcome.noise), bool)
        for i in np.flatnonzero(outcome.noise >= cut):
            at = others.places[i, best[i]]
            whole = others.features[i, best[i], FEATURES.index("all_found")] > 0
            kind = kind_of(take_apart([crowd[others.kept[i]]])[0], whole, parts[at], short_of[roster[at]])
            counts[kind] += 1
            doubtful[i] = kind.startswith(("a character", "the firm's brand"))
        kinds += [(name, kind, n) for kind, n in counts.most_common()]
        rest = outcome.row(noise=np.where(doubtful, 0.0, outcome.noise))
        rows.append((name, "the same, without the doubtful", np.nan, np.nan, *rest[2:4], np.nan))
    rows += unseen(pairs, listed, crowd, fits, crowd_folds)
    return (
        pd.DataFrame(
            rows,
            columns=[
                "roster",
                "weights",
                "right first",
                "in first five",
                "recall at precision .95",
                "recall at precision .98",
                "the same beside short names whose firm is taken off",
            ],
        ),
        pd.DataFrame(kinds, columns=["roster", "taken for a listed firm at recall .93", "n"]),
        sure_answers(pairs, listed, crowd),
        len(crowd),
    )


def other_firms(pairs, listed):
    """Listed firms that are not in the dev list, with their short names."""
    rest = listed[~listed["fullname"].isin(pairs["full_name"]) & ~listed["name"].isin(pairs["short_name"])]
    rest = rest.drop_duplicates("fullname").drop_duplicates("name")
    return rest.rename(columns={"name": "short_name", "fullname": "full_name"}).reset_index(drop=True)


def unseen(pairs, listed, crowd, fits, crowd_folds):
    """The same on the other firms; weights of each fold in turn."""
    rest = other_firms(pairs, listed)
    folds = np.random.default_rng(0).integers(0, FOLDS, len(rest))
    samples = samples_of(sorted(rest["full_name"]), rest, crowd)
    return [
        (
            f"{len(rest)} other listed firms",
            what,
            *OutOfSample(samples, fits, folds, crowd_folds, compete=c).row(),
        )
        for what, c in (("a crowd's, none compete", False), ("a crowd's, names compete", True))
    ]


def sure_answers(pairs, listed, crowd):
    """What ``resolve`` answers with certainty with the shipped weights: firms that were never fitted on."""
    rest = other_firms(pairs, listed)
    roster = sorted(rest["full_name"])
    index = NameIndex(pd.DataFrame({"enterprise_id": roster, "name": roster}))
    found = index.resolve([*rest["short_name"], *crowd])
    certain = found["status"].isin(SURE).to_numpy()
    own, n = found["enterprise_id"].to_numpy()[: len(rest)] == rest["full_name"].to_numpy(), len(rest)
    right, wrong = (certain[:n] & own).sum(), int(certain[n:].sum())
    return pd.DataFrame(
        [(str(n), certain[:n].mean(), right / n, str(wrong), right / (certain[:n].sum() + wrong))],
        columns=["short names", "answered", "rightly", "strangers answered", "precision"],
    )


def slips(pairs):
    """Upper bounds for short names with one wrong character, by two oracles."""
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
        outcome = blanked.hit[np.arange(len(right)), blanked.odds(None).argmax(axis=1)].mean()
        rows.append((f"short names, one character {what}", np.mean([len(n) == 1 for n in near]), outcome))
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
        weights = weights_without(samples, np.zeros(len(pairs), int), nobody, -1)
        print(json.dumps(let_in(weights).round(3).tolist()))
        return
    parts = ["## Names among many other firms"]
    if given.only != "slips":
        found, kinds, sure, n = crowd_tables(pairs, listed, distractors)
        parts += [
            f"Short names of listed firms among all {n:,} distractors that name no such firm, out of sample:",
            table(found),
            (
                "Wrong answers among these, classified by rule. Where a name is only a firm's brand or a "
                "slip away from its name, the answer may be right (doubtful, above):"
            ),
            table(kinds),
            (
                "Certain answers of `resolve` with the shipped weights, for the other listed firms and "
                "all distractors in one call (the weights were fitted on the distractors, not on these "
                "firms):"
            ),
            table(sure),
        ]
    if given.only != "crowd":
        parts += [
            "Upper bounds for short names with one wrong character, dev list:",
            table(slips(pairs)),
        ]
    parts += [f"{time.perf_counter() - start:.0f} s."]
    text = "\n\n".join(parts)
    print(text)
    if not given.only:
        write_section("names_strangers", text)


if __name__ == "__main__":
    main()
