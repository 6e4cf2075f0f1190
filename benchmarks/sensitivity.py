"""Effect of moving a chosen weight or threshold by a fifth on the figure that it decides.

Each constant is moved alone, to 0.8 and to 1.2 times its value (a probability to 1 at most). Weights that
carry an introduction are scaled to sum to one again, as ``rank_introductions(weights=)`` does. Introductions
and intents are measured on the development regions of ``benchmarks/regions.py``; the others are not opened.
Intents of a region are read by weights that are learnt without it.

Not moved: coefficients that are learnt from labels (intents, names, suppliers, ``WEIGHTS_OF_FEATURES``), of
which a part cannot be chosen alone; work limits and rounding of solvers, which change no proof; and numbers
without labels to be measured on: the risk of a visit, what a salon costs, limits of lists and texts.

    python benchmarks/sensitivity.py [--workers N] [weights] [paths] [evidence] [matches] [intents] [names]

Each part writes a section of its own; by default all are measured.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import asking
import numpy as np
import pandas as pd
import regions
from results import table, write_section

from liaison_analysis import NameIndex, find_mentions, load_liangjiang, read_ledger
from liaison_analysis.demands import demand_mentions
from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS, evidence_frames
from liaison_analysis.introductions.ranking import score_pairs, weights_in_force
from liaison_analysis.names import SURE

PARTS = ("weights", "paths", "evidence", "matches", "intents", "names")
RANKED = ("weights", "paths", "evidence", "matches")
DATA = Path(__file__).parents[1] / "tests" / "data"
FIRST = 3
TODAY = ("", "", 0.0, 1.0)  # in the place of (module, constant, value, factor)
FACTORS = (0.8, 1.2)
PACKAGE = "liaison_analysis."
EVIDENCE = "introductions.evidence"
ASKED = "introductions.asked_pairs"
JOINS = "introductions.evidence_joins"
DIRECT = "introductions.direct_matches"
MATCHES = "introductions.request_matches"
LIKENESS = "introductions.phrase_likeness"
PROBABILITY = "introductions.match_probability"
INTENTS = "demands.intents"
SERVICES = ("financier", "tester", "research partner")
GOODS = ("customer", "supplier")
ALL = (*GOODS, *SERVICES)
# Constants of the paths: the frames of evidence stay the same. Roles: those whose ranking reads the constant.
OF_PATHS = {
    (JOINS, "_HALF"): ALL,
    ("supply_chain.paths", "DECAY"): GOODS,
    ("supply_chain.paths", "TOOL"): GOODS,
    ("supply_chain.paths", "DEGREE_EXPONENT"): GOODS,
}
# Constants of the frames of evidence, which are read again for each.
OF_FRAMES = {
    (ASKED, "_UNNAMED"): SERVICES,
    (ASKED, "_UNSURE"): SERVICES,
    (ASKED, "_OF_MAKER"): SERVICES,
    (ASKED, "_ANSWERS"): ALL,
    (EVIDENCE, "_READ"): ALL,
    (EVIDENCE, "_CHANCE"): ALL,
    (EVIDENCE, "_CLOSE"): ALL,
    (DIRECT, "_LICENSED"): ("supplier",),
    (DIRECT, "_CALIBRATES"): ("tester",),
    (DIRECT, "_LENDS"): ("financier",),
}
OF_CUSTOMERS = (
    "_OWN_SPOKEN", "_OWN_UNSPOKEN", "_OWN_PASSED_OVER", "_OF_TECHNOLOGY", "_ANY", "_PEOPLE", "_SOMETIMES",
    "_OF_KIND", "_SOME", "_SURELY",
)  # fmt: skip
OF_ANSWERS = ("_LATER", "_OF_SENTENCE", "_OF_TEXT", "_TAKEN_IN")
OF_LIKENESS = (
    "_LEAST_WEIGHT", "_MOST_WEIGHT", "_LEAST_WEIGHT_OF_TEXT", "_CHANCE", "_CLOSE"
)  # fmt: skip
OF_PRODUCTS = ("_KIND", "_BROADER", "_HEADED", "_INSIDE", "_STEP")
# Constants of how a business answers a request. The ranking of suppliers reads those of customers too, for
# what the counterpart asks.
OF_MATCHES = {
    **{(DIRECT, f"FLOOR {role}"): (role, *(GOODS if role == "customer" else ())) for role in ALL},
    (ASKED, "BACK_FLOOR"): GOODS,
    (DIRECT, "SURE"): ALL,
    **dict.fromkeys([(MATCHES, name) for name in OF_CUSTOMERS], GOODS),
    **dict.fromkeys([("introductions.targets", name) for name in ("_SHARE", "_PARTLY")], GOODS),
    **dict.fromkeys([(MATCHES, name) for name in OF_ANSWERS], ALL),
    **dict.fromkeys([(LIKENESS, name) for name in OF_LIKENESS], ALL),
    (PROBABILITY, "_DESCRIBED"): GOODS,
    (PROBABILITY, "_NAMED"): ALL,
    **dict.fromkeys([("introductions.product_matches", name) for name in OF_PRODUCTS], ALL),
    ("introductions.business_words", "_REGISTER"): ALL,
}
OF_INTENTS = ("LEAST_FIRST", "LEAST_FURTHER", "LEAST_OF_SENTENCE")
OF_NAMES = (("names.decisions", "CONTAINED_MARGIN"), ("names.index", "LIKELY_MARGIN"))
MOVED = """
Each number is moved alone, to 0.8 and to 1.2 times its value (a probability to 1 at most).
"""
OF_INTRODUCTIONS = f"""{MOVED}
*Wanted in the first three*: share of the introductions that a good officer would make, on the regions
{", ".join(f"`{region}`" for region in regions.OPENED)} together ({{wanted}} of them; all were looked at
while the numbers were chosen; no other is used); today {{today:.3f}}. A figure in bold moves by more than
{{large}}.
"""
OF_SAMPLE = """*Same first three*: mean share, over the {seekers} enterprises of the sample with a customer to
meet, of today's first three customers that stay among the first three.
"""
# A difference printed in bold: two of the wanted introductions, or as much of another share (judgement).
LARGE = 0.02


class Rankings:
    """First three of every role of one ledger, as ``rank_introductions`` ranks them, without reasons."""

    def __init__(self, ledger, seekers):
        """Read the frames of evidence once: ``seekers`` gives the enterprises that seek in each role."""
        self.ledger, self.seekers = ledger, seekers
        self.mentions = demand_mentions(ledger)
        self.frames = {role: self.read_frames(role) for role in seekers}
        # All pairs with evidence: what other weights change is only their order.
        self.pairs = {role: self.scored(role, self.frames[role]) for role in seekers}
        self.today = {role: first_three(pairs) for role, pairs in self.pairs.items()}

    def read_frames(self, role):
        return evidence_frames(self.ledger, self.seekers[role], role, mentions=self.mentions)

    @staticmethod
    def scored(role, frames):
        return score_pairs(frames, role)

    def with_weight(self, part, value):
        """First three with another weight of one kind of evidence."""
        weights = weights_in_force({part: value})
        return {role: first_three(rescored(pairs, weights)) for role, pairs in self.pairs.items()}

    def moved(self, roles, *, again):
        """First three under a constant that was set before the call; ``again`` reads the frames anew."""
        moved = {
            role: first_three(self.scored(role, self.read_frames(role) if again else self.frames[role]))
            for role in self.seekers
            if role in roles
        }
        return self.today | moved


def rescored(pairs, weights):
    """Score pairs with other weights, by the formula of ``rank_introductions``."""
    carried = sum(pairs[part] * weights[part] for part in WEIGHTS).round(9)
    context = 1 + sum((pairs[part] - 1) * weights[part] for part in CONTEXT)
    return pairs.assign(score=(carried * context).round(9))


def first_three(pairs):
    """Best three of each seeker; ties by the counterpart's id."""
    order = pairs.sort_values(["seeker_id", "score", "counterpart_id"], ascending=[True, False, True])
    best = order.groupby("seeker_id").head(FIRST)
    return set(zip(best["seeker_id"], best["counterpart_id"], strict=True))


def variants(of_rankings, part_of_benchmark):
    """Moved constants of one part: (module, name, value, factor) and the first three of each role."""
    for name, weights in (
        (("WEIGHTS", WEIGHTS), ("CONTEXT", CONTEXT)) if part_of_benchmark == "weights" else ()
    ):
        for part, value in weights.items():
            for factor in FACTORS:
                yield (
                    (EVIDENCE, f"{name} {part}", value, factor),
                    of_rankings.with_weight(part, value * factor),
                )
    constants = {"paths": OF_PATHS, "evidence": OF_FRAMES, "matches": OF_MATCHES}.get(part_of_benchmark, {})
    for (module, name), roles in constants.items():
        for value, factor in moves(module, name):
            first = of_rankings.moved(roles, again=part_of_benchmark != "paths")
            yield (module, name, value, factor), first


def moves(module, name, most=np.inf):
    """Set a module's constant to each moved value while the caller's loop body runs.

    ``name key`` moves one value of a dictionary; of a tuple of shares all that are below 1 move together.
    """
    home = import_module(PACKAGE + module)
    name, _, key = name.partition(" ")
    whole = getattr(home, name)
    value = whole[key] if key else whole
    for factor in FACTORS:
        if isinstance(value, tuple):
            moved = tuple(min(one * factor, 1.0) if one < 1 else one for one in value)
        else:
            moved = min(value * factor, 1.0 if value < 1 else most)
        with patch.object(home, name, whole | {key: moved} if key else moved):
            yield value, factor


def of_region(region, parts):
    """Wanted introductions in the first three by part, how many are wanted, and F1 of the intents."""
    ledger = read_ledger(regions.DATA / region)
    wanted = regions.wanted_pairs(region)
    figures = {}
    if set(parts) & set(RANKED):
        seekers = {role: sorted(set(group["seeker_id"])) for role, group in wanted.groupby("role")}
        rankings = Rankings(ledger, seekers)
        check_rescoring(rankings)

        def hits(first):
            keys = wanted[["role", "seeker_id", "counterpart_id"]].itertuples(index=False)
            return sum((seeker, counterpart) in first[role] for role, seeker, counterpart in keys)

        for part in [part for part in parts if part in RANKED]:
            moved = {key: hits(first) for key, first in variants(rankings, part)}
            figures[part] = {TODAY: hits(rankings.today)} | moved
    if "intents" in parts:
        figures["intents"] = of_intents(
            ledger, pd.read_csv(regions.DATA / region / "labels.csv", dtype="str"), region
        )
    return figures, len(wanted)


def of_intents(ledger, labels, region):
    """F1 of the intents under every moved threshold, read by weights learnt without the region."""
    asking.learnt_without(asking.texts_of(region))
    # The frame that is kept for a ledger would hide a moved threshold.
    with patch.object(regions, "demand_mentions", lambda ledger: find_mentions(ledger.demands, ledger)):
        f1 = {TODAY: regions.intents(ledger, labels)["F1"]}
        for name in OF_INTENTS:
            for value, factor in moves(INTENTS, name, most=1.0):
                f1[INTENTS, name, value, factor] = regions.intents(ledger, labels)["F1"]
    return f1


def of_sample(parts):
    """Share of each seeker's first three customers that stay, under every moved constant."""
    ledger = load_liangjiang()
    rankings = Rankings(ledger, {"customer": sorted(ledger.enterprises["enterprise_id"])})
    check_rescoring(rankings)
    today = pd.DataFrame(sorted(rankings.today["customer"]), columns=["seeker_id", "counterpart_id"])
    same = {part: {} for part in parts}
    for part in parts:
        for key, first in variants(rankings, part):
            kept = [pair in first["customer"] for pair in today.itertuples(index=False, name=None)]
            same[part][key] = float(today.assign(kept=kept).groupby("seeker_id")["kept"].mean().mean())
    return same, today["seeker_id"].nunique()


def check_rescoring(rankings):
    """Today's weights must give today's first three again."""
    for part, value in (WEIGHTS | CONTEXT).items():
        assert rankings.with_weight(part, value) == rankings.today, part


def of_names():
    """Certain answers to names without one right answer, under every moved margin."""
    asked = pd.read_csv(DATA / "ambiguous_names.csv")["written"]
    roster = pd.read_csv(DATA / "ambiguous_roster.csv")

    def sure():
        return int(NameIndex(roster).resolve(asked)["status"].isin(SURE).sum())

    counts = {TODAY: sure()}
    for module, name in OF_NAMES:
        for value, factor in moves(module, name, most=1.0):
            counts[module, name, value, factor] = sure()
    return counts, len(asked)


def shown_value(value):
    """A constant as the tables show it."""
    return ", ".join(map("{:g}".format, value)) if isinstance(value, tuple) else f"{value:g}"


def rows_of(figures, shown, large):
    """One row for each constant: its value and the figure at 0.8 and at 1.2 times of it."""
    today = figures.get(TODAY, 1.0)
    rows = {}
    for (module, name, value, factor), figure in figures.items():
        if module:
            text = shown.format(figure)
            row = rows.setdefault(
                (module, name), {"constant": f"`{module}` {name}", "value": shown_value(value)}
            )
            row[f"× {factor}"] = f"**{text}**" if abs(figure - today) > large else text
    return pd.DataFrame(rows.values())


def main() -> None:
    """Measure both regions and the sample at once, print the tables and write the sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=list(PARTS), help=", ".join(PARTS))
    parser.add_argument("--workers", type=int, default=1, help="processes: the regions and the sample (1)")
    options = parser.parse_args()
    parts = options.parts
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown parts {sorted(unknown)}; give some of {', '.join(PARTS)}")
    began = time.perf_counter()
    of_introductions = [part for part in parts if part in RANKED]
    # All enterprises of the sample list what they offer, so that no request is matched with a business text.
    on_sample = [part for part in of_introductions if part != "matches"]
    measured, same, seekers = [], {}, 0
    if of_introductions or "intents" in parts:
        with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
            tasks = [pool.submit(of_region, region, parts) for region in regions.OPENED]
            sample = pool.submit(of_sample, on_sample) if on_sample else None
            measured = [task.result() for task in tasks]
            same, seekers = sample.result() if sample else ({}, 0)
    n_wanted = sum(n for _, n in measured)
    sections = {}
    for part in of_introductions:
        counts = [figures[part] for figures, _ in measured]
        wanted = {key: sum(hits[key] for hits in counts) / n_wanted for key in counts[0]}
        introductions = rows_of(wanted, "{:.3f}", LARGE)
        introductions.columns = [
            f"wanted in the first three {c}" if c[0] == "×" else c for c in introductions
        ]
        note = OF_INTRODUCTIONS.format(wanted=n_wanted, today=wanted[TODAY], large=LARGE)
        if part in on_sample:
            kept = rows_of(same[part], "{:.3f}", LARGE)
            kept.columns = [f"same first three {c}" if c[0] == "×" else c for c in kept]
            introductions = introductions.merge(kept, on=["constant", "value"], validate="1:1")
            note += OF_SAMPLE.format(seekers=seekers)
        sections[part] = [
            f"## Chosen numbers moved by a fifth: {part} of introductions",
            note,
            table(introductions),
        ]
    if "intents" in parts:
        f1 = [figures["intents"] for figures, _ in measured]
        means = {key: float(np.mean([of[key] for of in f1])) for key in f1[0]}
        sections["intents"] = [
            "## Chosen numbers moved by a fifth: intents",
            MOVED
            + "\nMean F1 of the intents on "
            + ", ".join(f"`{one}`" for one in regions.OPENED)
            + f", each read by weights learnt without it; today {means[TODAY]:.3f}.\n",
            table(rows_of(means, "{:.3f}", LARGE)),
        ]
    if "names" in parts:
        names, n_names = of_names()
        sections["names"] = [
            "## Chosen numbers moved by a fifth: names",
            MOVED
            + f"\nCertain answers to the {n_names} names of `tests/data/ambiguous_names.csv`, none of which"
            f" has one right answer: fewer is better; today {names[TODAY]}.\n",
            table(rows_of(names, "{:d}", LARGE * n_names)),
        ]
    for part, section in sections.items():
        print("\n".join(section), "\n")
        write_section(f"sensitivity_{part}", "\n".join(section))
    print(f"{time.perf_counter() - began:.0f} seconds")


if __name__ == "__main__":
    main()
