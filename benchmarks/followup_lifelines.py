"""What lifelines makes of the cases on standard input; run by followup.py in lifelines' own environment."""

from __future__ import annotations

import json
import sys
import warnings

import lifelines
import numpy as np
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from lifelines.utils import median_survival_times


def outcome(case):
    """Curves, medians and the log-rank test of one case."""
    days, settled, group = (np.array(case[name]) for name in ("days", "settled", "group"))
    curves, medians = {}, {}
    for name in np.unique(group).tolist():
        fit = KaplanMeierFitter().fit(days[group == name], settled[group == name])
        band = fit.confidence_interval_
        table = np.column_stack(
            [fit.timeline, fit.survival_function_.iloc[:, 0], band.iloc[:, 0], band.iloc[:, 1]]
        )
        # Where nobody raised and settled on one day, lifelines adds a row of day 0 before the first.
        curves[str(name)] = table[np.isin(table[:, 0], days[group == name])].tolist()
        edges = median_survival_times(band)
        median = [fit.median_survival_time_, edges.iloc[0, 0], edges.iloc[0, 1]]
        medians[str(name)] = [None if np.isinf(value) else float(value) for value in median]
    test = multivariate_logrank_test(days, group, settled)
    return {
        "curves": curves,
        "medians": medians,
        "log_rank": [float(test.test_statistic), float(test.p_value)],
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    cases = json.load(sys.stdin)
    print(json.dumps({"lifelines": lifelines.__version__, "cases": [case | outcome(case) for case in cases]}))
