"""Nothing is printed inside, everything before and after."""

from __future__ import annotations

import os

import pytest

from liaison_analysis.solver import silenced


def test_only_what_is_printed_inside_is_lost(capfd):
    print("before")
    with pytest.raises(ValueError, match="told"), silenced():
        os.write(1, b"inside\n")
        raise ValueError("told")
    print("after")
    assert capfd.readouterr().out == "before\nafter\n"
