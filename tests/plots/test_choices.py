"""A choice shows one option as any cell would, and all of them where a person has the notebook open."""

import matplotlib as mpl

mpl.use("Agg")

import time

import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel

from liaison_analysis.plots import choose
from liaison_analysis.plots.choices import _labels

CELL = """
import matplotlib.pyplot as plt
import pandas as pd
from liaison_analysis.plots import choose

def draw(key):
    if key == "none":
        raise KeyError("no such firm")
    plt.subplots(figsize=(1, len(key)))[1].set_title(key)
    return pd.DataFrame({"shown": [key]})

choose(draw, {"a": "甲", "bb": "乙", "none": "丙"}, label="企业")
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def messages(client, request):
    """Whatever the kernel publishes for a request, until it is idle again."""
    found = []
    end = time.monotonic() + 120
    while time.monotonic() < end:
        got = client.get_iopub_msg(timeout=120)
        if got["parent_header"].get("msg_id") != request:
            continue
        if got["msg_type"] == "status" and got["content"]["execution_state"] == "idle":
            return found
        found.append(got)
    pytest.fail("the kernel is not idle")


def of_kind(found, kind):
    return [got["content"] for got in found if got["msg_type"] == kind]


def select(client, comm_id, index):
    """What a front end sends when a person chooses an entry of a list."""
    data = {"method": "update", "state": {"index": index}, "buffer_paths": []}
    request = client.session.msg("comm_msg", {"comm_id": comm_id, "data": data})
    client.shell_channel.send(request)
    return messages(client, request["header"]["msg_id"])


def test_a_script_gets_what_is_drawn_of_the_first_option():
    assert choose(str.upper, ["a", "b"]) == "A"
    assert choose(str.upper, ["a", "b"], first="b") == "B"
    assert choose(str.upper, pd.Series({"x": "甲", "y": "乙"}), first="y") == "Y"


def test_an_unknown_first_option_is_the_first_of_them_and_none_shows_nothing():
    # A ledger of one's own may name no seeker of a salon, or no towns.
    assert choose(str.upper, ["a", "b"], first="") == "A"
    assert choose(str.upper, []) is None


def test_what_cannot_draw_is_refused_by_name():
    with pytest.raises(ValueError, match="draw: expected a function, got a DataFrame"):
        choose(pd.DataFrame(), ["a"])


def test_labels_that_occur_twice_are_told_apart():
    assert _labels({"E1": "甲公司", "E2": "乙公司", "E3": "甲公司"}) == {
        "E1": "甲公司 (E1)",
        "E2": "乙公司",
        "E3": "甲公司 (E3)",
    }


def test_without_a_person_a_cell_has_the_outputs_of_any_other(kernel):
    # As nbconvert, papermill and nbval ask a kernel to run a cell.
    found = messages(kernel, kernel.execute(CELL, allow_stdin=False))
    assert of_kind(found, "comm_open") == []
    (frame,) = of_kind(found, "execute_result")
    assert "<td>a</td>" in frame["data"]["text/html"]
    (picture,) = of_kind(found, "display_data")
    assert "image/png" in picture["data"]


def test_a_person_chooses_and_figure_and_frame_are_replaced(kernel):
    pytest.importorskip("ipywidgets")
    found = messages(kernel, kernel.execute(CELL, allow_stdin=True))
    (listed,) = [
        content
        for content in of_kind(found, "comm_open")
        if content["data"]["state"].get("_model_name") == "DropdownModel"
    ]
    assert listed["data"]["state"]["_options_labels"] == ["甲", "乙", "丙"]
    *_, picture, frame = of_kind(found, "display_data")
    assert "<td>a</td>" in frame["data"]["text/html"]
    assert of_kind(found, "execute_result") == []

    new_picture, new_frame = of_kind(select(kernel, listed["comm_id"], 1), "update_display_data")
    assert "<td>bb</td>" in new_frame["data"]["text/html"]
    assert new_picture["data"]["image/png"] != picture["data"]["image/png"]
    # They stand in the places of the first ones.
    assert [new_picture["transient"], new_frame["transient"]] == [picture["transient"], frame["transient"]]

    failed = select(kernel, listed["comm_id"], 2)
    assert of_kind(failed, "update_display_data") == []
    assert "no such firm" in str(of_kind(failed, "error") + of_kind(failed, "comm_msg"))
    # And the list still works.
    assert len(of_kind(select(kernel, listed["comm_id"], 0), "update_display_data")) == 2


def test_many_options_are_searched_by_typing(kernel):
    pytest.importorskip("ipywidgets")
    cell = "from liaison_analysis.plots import choose\nchoose(str.upper, [f'e{i}' for i in range(40)])"
    found = messages(kernel, kernel.execute(cell, allow_stdin=True))
    models = [content["data"]["state"] for content in of_kind(found, "comm_open")]
    (field,) = [model for model in models if model.get("_model_name") == "ComboboxModel"]
    assert len(field["options"]) == 40
    assert field["ensure_option"] is True


def test_no_widgets_no_choice(kernel):
    cell = "import sys; sys.modules['ipywidgets'] = None\n" + CELL
    found = messages(kernel, kernel.execute(cell, allow_stdin=True))
    assert of_kind(found, "comm_open") == []
    assert len(of_kind(found, "execute_result")) == 1
