"""How many answers do identical questions get in fresh processes? Usage: `policies_repeat.py [100]`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter

from liaison_analysis import PolicyIndex, load_liangjiang

#: Clauses of the index: few, so that a process takes some 15 seconds of processor, most of it loading models.
CLAUSES = 40
ASKED = ("充电桩补贴", "贷款贴息", "招用毕业生有什么补贴", "技改设备买了能补贴多少", "停车位补助", "房租减免")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def answer():
    """Digest of every column of the answers, unrounded scores of the ranking among them."""
    index = PolicyIndex(load_liangjiang().policies.head(CLAUSES))
    shown = index.search(ASKED, k=8).to_csv().encode()
    scores = index._ranker.score(ASKED).round(9).tobytes()  # noqa: SLF001 - what the ranks rest on
    return hashlib.sha256(shown + scores).hexdigest()[:12]


def main():
    """Ask in processes that differ in their hash seed and number of threads."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    answers = Counter()
    for run in range(n):
        environment = os.environ | {"PYTHONHASHSEED": str(run)} | dict.fromkeys(THREADS, str(run % 2 + 1))
        command = [sys.executable, __file__, "answer"]
        found = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)  # noqa: S603 - this file
        answers[found.stdout.strip()] += 1
        print(f"{run + 1} runs, {len(answers)} different answers: {dict(answers)}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["answer"]:
        print(answer())
    else:
        main()
