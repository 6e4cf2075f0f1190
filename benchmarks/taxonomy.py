"""The packaged taxonomy on labelled demands, and themes on several processor kernels.

Run from the project: ``python benchmarks/taxonomy.py --data PATH --regions PATH``. PATH of the data holds
``citizen_messages`` as Parquet; PATH of the regions holds folders with ``demands.csv`` (demand_id, text) and
``labels.csv`` (demand_id, theme). What is absent is left out. ``--only accuracy`` or ``kernels`` measures
one part.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from regions import OPENED

ROOT = Path(__file__).parents[1]

# The sample's labels combine themes that the taxonomy separates.
SAMPLE = {
    "市场开拓": "市场开拓与上下游对接",
    "上下游对接": "市场开拓与上下游对接",
    "招工": "招工与培训",
    "培训": "招工与培训",
    "产业政策与申报": "技改与产业政策",
    "检测与技术": "检测与技术合作",
    "手续与审批": "手续办理",
    "厂房与设备": "厂房改造与设备安装",
    "公共交通": "道路与物流",
    "税费": "技改与产业政策",
}

# Classes of the citizens' messages that the taxonomy covers, and its themes in each.
CITIZEN = {
    "停车与充电": "交通运输",
    "道路与物流": "交通运输",
    "公共交通": "交通运输",
    "环保与安全": "环境保护",
    "子女入学": "教育文体",
    "招工": "劳动和社会保障",
    "培训": "劳动和社会保障",
    "法律与维权": "劳动和社会保障",
}

# Regions whose demands are among the taxonomy's examples.
LEARNT = tuple(region for region in OPENED if region != "machinery")

# Themes that two readers gave the demands of regions from which nothing is learnt, by the names and phrases
# of the taxonomy alone (sessions that saw neither labels nor code; they never teach anything).
READ = ROOT / "tests/data/regions_themes_read.csv"

KERNELS = ("SkylakeX", "Haswell", "Sandybridge")


def sets(data: Path, regions: Path) -> dict[str, tuple[list[str], list[str], dict[str, str]]]:
    """Texts, labels and the label of each of the taxonomy's themes, by name of the set."""
    ledger = pd.read_csv(ROOT / "data/liangjiang/demands.csv")
    found = {"sample (synthetic)": (ledger["text"].tolist(), ledger["theme"].tolist(), SAMPLE)}
    for folder in sorted(regions.glob("*/labels.csv")) if regions.is_dir() else []:
        if folder.parent.name in LEARNT:
            continue
        demands = pd.read_csv(folder.parent / "demands.csv").merge(pd.read_csv(folder), on="demand_id")
        found[f"region {folder.parent.name}"] = (demands["text"].tolist(), demands["theme"].tolist(), {})
    path = data / "citizen_messages/labelled_dev.parquet"
    if path.exists():
        frame = pd.read_parquet(path)
        frame = frame[frame["一级标签"].isin(set(CITIZEN.values()))].sample(200, random_state=0)
        found["citizen, 200 messages of the classes covered"] = (
            frame["留言主题"].tolist(),
            frame["一级标签"].tolist(),
            CITIZEN,
        )
    return found


def accuracy(data: Path, regions: Path, only: str | None) -> pd.DataFrame:
    from liaison_analysis.demands import DemandThemes

    rows = []
    read = pd.read_csv(READ)
    for name, (texts, labels, mapping) in sets(data, regions).items():
        if only and only not in name:
            continue
        themes = DemandThemes(taxonomy="parks").fit(texts)
        names = themes.themes_["name"].to_numpy()
        if mapping is CITIZEN:  # the class whose themes have the greatest share together
            shares = pd.DataFrame(themes.predict_proba(texts), columns=names)[list(CITIZEN)]
            chosen = shares.T.groupby(CITIZEN).sum().T.idxmax(axis=1).tolist()
        else:
            chosen = [mapping.get(name, name) for name in names[themes.labels_]]
        right = np.array([a == b for a, b in zip(chosen, labels, strict=True)])
        clear = themes.confidence_ >= np.quantile(themes.confidence_, 0.25)
        shares = [right.mean(), right[clear].mean(), *by_readers(name, read, regions, chosen, labels)]
        rows.append(
            (name, len(texts), len(set(labels)), *(f"{x:.3f}" if x is not None else "" for x in shares))
        )
        print(rows[-1], flush=True)
    return pd.DataFrame(
        rows,
        columns=[
            "set", "texts", "labels", "right", "right of the surer three quarters", "readers right",
            "right by a reader or the label",
        ],
    )  # fmt: skip


def by_readers(
    name: str, read: pd.DataFrame, regions: Path, chosen: list[str], labels: list[str]
) -> tuple[float | None, float | None]:
    """How often two readers give the label, and how often a theme is what one of them, or the label, says."""
    region = name.removeprefix("region ")
    mine = read[read["region"].eq(region)].set_index("demand_id")
    if mine.empty:
        return None, None
    ids = pd.read_csv(regions / region / "demands.csv")["demand_id"]
    readers = mine.loc[ids, ["first_reader", "second_reader"]].to_numpy()
    agree = (readers == np.array(labels)[:, None]).mean()
    said = [theme in {label, *both} for theme, label, both in zip(chosen, labels, readers, strict=True)]
    return float(agree), float(np.mean(said))


def fitted(n_subsets: int) -> list[tuple[int, int, str]]:
    """Texts, themes and a hash of all results for random parts of the sample's demands."""
    import warnings

    from liaison_analysis.demands import DemandThemes

    warnings.simplefilter("ignore")
    texts = pd.read_csv(ROOT / "data/liangjiang/demands.csv")["text"].tolist()
    found = []
    for seed in range(n_subsets):
        random = np.random.default_rng(seed)
        size = int(random.integers(60, 301))
        part = [texts[i] for i in random.choice(len(texts), size, replace=False)]
        themes = DemandThemes().fit(part)
        results = themes.labels_.tobytes() + repr(themes.themes_.to_numpy().tolist()).encode()
        found.append((size, themes.n_themes_, hashlib.blake2b(results, digest_size=8).hexdigest()))
    return found


def kernels(n_subsets: int) -> pd.DataFrame:
    by_kernel = {}
    for kernel in KERNELS:
        command = [sys.executable, __file__, "--fitted", str(n_subsets)]
        done = subprocess.run(  # noqa: S603 - our own file
            command,
            check=True,
            text=True,
            capture_output=True,
            env={**os.environ, "OPENBLAS_CORETYPE": kernel},
        )
        by_kernel[kernel] = json.loads(done.stdout.splitlines()[-1])
    rows = []
    for results in zip(*by_kernel.values(), strict=True):
        numbers = [n for _, n, _ in results]
        rows.append((results[0][0], *numbers, "yes" if len({tuple(r) for r in results}) == 1 else "**no**"))
    return pd.DataFrame(rows, columns=["texts", *(f"themes, {k}" for k in KERNELS), "all results alike"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    shared = ROOT.parent / "shared"
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("LIAISON_BENCH_DATA", shared / "data"))
    )
    parser.add_argument("--regions", type=Path, default=ROOT / "tests/data/regions")
    parser.add_argument("--set", help="only sets with this in their name")
    parser.add_argument("--subsets", type=int, default=12)
    parser.add_argument("--only", choices=["accuracy", "kernels"])
    parser.add_argument("--fitted", type=int)
    args = parser.parse_args()
    if args.fitted:
        print(json.dumps(fitted(args.fitted)))
        return
    from results import table, write_section

    if args.only in {None, "accuracy"}:
        measured = accuracy(args.data, args.regions, args.set)
        if not args.set:
            lines = ["### Themes by the packaged taxonomy", "", table(measured), "", ACCURACY]
            write_section("themes_taxonomy", "\n".join(lines))
    if args.only in {None, "kernels"}:
        measured = kernels(args.subsets)
        print(measured.to_string(index=False))
        lines = ["### Themes on three processor kernels", "", table(measured), "", ALIKE]
        write_section("themes_kernels", "\n".join(lines))


ACCURACY = """Share of texts whose theme is the label. `machinery`, `ceramics`, `rail` and `ships` teach
the taxonomy nothing; `machinery` may be looked at, and the others are only run. Before the ten other regions
taught it, and before the last 2,224 examples, they had .637, .733, .733 and .627 (2026-12-01); with 1,341 of
the examples .700, .720, .720 and .693. Each of the ten, left out in turn: .754 in the mean, .716 when no
region taught it; by a quarter, a half and all of the 3,900 examples of that day .638, .666, .716; the next
1,341 brought nothing in that mean (.756). The label is among the two likeliest themes of .894; a fifth of the
errors are sales read as purchases, or the reverse. Of the citizens' messages, 200 of the four classes that
the taxonomy covers (development half): right is the class whose themes have the greatest share together. The
sample's labels have no theme of their own for public transport or taxes.

Two readers who knew the taxonomy's names and phrases only (`tests/data/regions_themes_read.csv`) gave
the label to .839 of the 305 demands of the four regions, each of them, and the same theme as each other
to .967: what the labels hold beyond that is a habit of their writers (whether a bank in search of
borrowers is 融资 or 市场开拓).
"""

ALIKE = """Random parts of the sample's demands, `DemandThemes()` with default settings; labels, names,
words, sizes and phrases of all themes are compared."""

if __name__ == "__main__":
    main()
