"""Nothing is printed inside, everything before and after."""

from __future__ import annotations

import contextlib
import os

from liaison_analysis.solver import silenced


def test_only_what_is_printed_inside_is_lost(capfd):
    os.write(1, b"before\n")
    with contextlib.suppress(ValueError), silenced():
        os.write(1, b"inside\n")
        raise ValueError
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "before\nafter\n"
