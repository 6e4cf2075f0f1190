import base64
import hashlib
import json
import re

import pytest

from liaison_analysis.report.bundle import bundled, page_html

META = {
    "meta": {"source": "x", "language": "zh", "notes": []},
    "enterprises": {"columns": [], "rows": []},
    "text": "</script><script>alert(1)</script>\u2028 停车",
}


def test_modules_come_after_those_they_import_from():
    modules = {
        "main": 'import { b } from "./b.js";\nb();\n',
        "a": "export const n = 1;\n",
        "b": 'import { n } from "./a.js";\nexport function b() {\n  return n;\n}\n',
    }
    script = bundled(modules, "main")
    assert [script.index(f"const {name}_js") for name in "ab"] == sorted(
        script.index(f"const {name}_js") for name in "ab"
    )
    assert "export" not in script
    assert "return { b };" in script


@pytest.mark.parametrize(
    ("modules", "way"),
    [
        ({"a": 'import { x } from "./a.js";\n'}, "a → a"),
        ({"a": 'import { x } from "./b.js";\n'}, "a → b"),
    ],
)
def test_circles_and_missing_modules_are_refused(modules, way):
    with pytest.raises(ValueError, match=way):
        bundled(modules, "a")


def test_the_hashes_are_those_of_what_stands_in_the_page():
    page = page_html(META)
    for tag in ("style", "script"):
        source = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[-1]
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-" in page or f"{tag}-src 'sha256-" in page
        assert digest in page


def test_data_cannot_end_its_element():
    page = page_html(META)
    assert "alert(1)</script>" not in page
    assert "\\u003c/script\\u003e" in page
    assert "\u2028" not in page


def test_large_tables_stand_apart_and_are_named_with_their_place():
    rows = [["停车位不够" * 20, i] for i in range(1_000)]
    small, large = ({"columns": ["text", "n"], "rows": part} for part in (rows[:2], rows))
    views = {"demands": {"rows": large, "tables": {"towns": small, "raisers": large}}, "loop": {"tables": {}}}
    page = page_html({**META, "views": views})
    found = dict(re.findall(r'<script type="application/json" id="([\w-]+)">(.*?)</script>', page, re.DOTALL))
    first = json.loads(found.pop("data"))
    assert first["later"] == [["views", "demands", "rows"], ["views", "demands", "tables", "raisers"]]
    assert first["views"] == {"demands": {"tables": {"towns": small}}, "loop": {"tables": {}}}
    assert [json.loads(found[f"later-{i}"]) for i in range(len(found))] == [large, large]
