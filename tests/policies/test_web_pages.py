"""Web pages of governments: the act and its particulars, without what the site puts around it."""

import csv
import json
from pathlib import Path

import pytest
from helpers.web_page import ACT, page

from liaison_analysis.policies import policy_documents, read_policies
from liaison_analysis.policies.page_furniture import is_furniture
from liaison_analysis.policies.web_pages import read_page

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "policy_pages"


@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/policy_pages is not at hand")
def test_pages_as_governments_publish_them():
    with (SHARED / "truth.csv").open(encoding="utf-8-sig") as file:
        truth = {row["file"]: row for row in csv.DictReader(file)}
    documents = policy_documents(SHARED).set_index("file")
    assert len(truth) == len(documents) == 24
    for name, row in truth.items():
        assert documents.loc[name, "policy"] == row["title"]
        assert documents.loc[name, "articles"] == int(row["articles"])
        assert "missing: " not in documents.loc[name, "numbering"]
    texts = "\n".join(read_policies(SHARED)["text"]).splitlines()
    assert not [line for line in texts if is_furniture(line)]


def test_a_page_that_a_script_builds_is_read_from_its_data():
    data = json.dumps({"data": {"title": "某办法", "source": "某市商务局", "content": ACT}})
    read = read_page(page(f"<div id='app'>加载中</div><script>window.__STATE__ = {data}</script>"))
    assert len(read.lines) == 6
    assert (read.stated["title"], read.stated["source"]) == ("某办法", "某市商务局")


def test_text_in_a_hidden_field_that_a_script_shows_is_read():
    field = f"<textarea id='content' style='display:none'>{ACT.replace('<', '&lt;')}</textarea>"
    read = read_page(page(f"<h1>某办法</h1><div id='show'>加载中</div>{field}"))
    assert (read.stated["title"], len(read.lines)) == ("某办法", 6)
    # A form beside the text is not the document.
    form = "<textarea>请填写您的意见。</textarea>"
    assert len(read_page(page(f"<div>{ACT}</div>{form}")).lines) == 6


def test_a_page_of_frames_names_the_pages_to_save():
    frames = b"<html><frameset><frame src='top.htm'><frame src='a/1.htm'></frameset></html>"
    read = read_page(frames)
    assert (read.lines, "top.htm, a/1.htm" in read.note) == ([], True)
    assert len(read_page(page(f"<iframe src='share.htm'></iframe>{ACT}")).lines) == 6
