"""Documents that stand in the data of a page's scripts."""

import json

import pytest

from liaison_analysis.policies.embedded import embedded_document

TEXT = "<p>一、支持方向</p>" + "<p>支持企业购置设备，给予补助。</p>" * 6


@pytest.mark.parametrize(
    ("script", "body"),
    [
        ("window.__STATE__=" + json.dumps({"list": [{"content": TEXT}]}) + ";(function(){})()", TEXT),
        (json.dumps({"content": TEXT.replace("<", "&lt;").replace(">", "&gt;")}), TEXT),
        (
            "load(" + json.dumps({"content": "给予补助。\n" * 20}) + ")",
            "<pre>" + "给予补助。\n" * 20 + "</pre>",
        ),
        ("var menu = " + json.dumps([{"title": "首页"}, {"title": "政策"}], ensure_ascii=False), ""),
        ("var broken = {content: '" + TEXT + "'}", ""),
    ],
)
def test_the_longest_text_in_the_data_is_the_document(script, body):
    assert embedded_document(["var a = {};", script])[0] == body


def test_what_stands_beside_the_text_is_stated():
    data = {"title": "某通知", "fileNum": "某发〔2025〕2号", "publishTime": 1741053600000, "content": TEXT}
    script = json.dumps({"page": data, "next": {"title": "别的通知", "content": "另见。"}})
    assert embedded_document([script])[1] == {
        "title": "某通知",
        "document_number": "某发〔2025〕2号",
        "published_on": "2025-03-04",
    }
