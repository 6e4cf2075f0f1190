"""Nothing is printed inside, everything before and after; relaxations say what each variable costs."""

from __future__ import annotations

import contextlib
import os
import threading

import numpy as np
import pytest
from scipy.sparse import csr_array

from liaison_analysis._solver import relax_program, silenced


def test_only_what_is_printed_inside_is_lost(capfd):
    os.write(1, b"before\n")
    with contextlib.suppress(ValueError), silenced():
        os.write(1, b"inside\n")
        raise ValueError
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_threads_that_overlap_leave_standard_output_open(capfd):
    first_is_in, second_is_out = threading.Event(), threading.Event()

    def first():
        with silenced():
            first_is_in.set()
            second_is_out.wait(10)
            os.write(1, b"the second has left, the first is still inside\n")

    thread = threading.Thread(target=first)
    thread.start()
    first_is_in.wait(10)
    with silenced():
        os.write(1, b"both are inside\n")
    second_is_out.set()
    thread.join()
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "after\n"


def test_reduced_costs_are_what_a_unit_takes_off():
    rows = csr_array([[1.0, 1.0]])
    bound, reduced = relax_program(
        np.array([3.0, 2.0]), rows, np.array([1.0]), np.array([[0, np.inf], [0, np.inf]])
    )
    assert bound == pytest.approx(3)
    assert reduced.tolist() == pytest.approx([0, 1])


def test_a_variable_at_its_upper_bound_has_a_negative_reduced_cost():
    rows = csr_array([[1.0, 1.0]])
    bound, reduced = relax_program(np.array([3.0, 2.0]), rows, np.array([3.0]), np.array([[0.0, 2.0]] * 2))
    assert bound == pytest.approx(8)
    assert reduced.tolist() == pytest.approx([-1, 0])
