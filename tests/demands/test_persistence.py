"""What is written can be read, and reads the same."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from liaison_analysis.demands import persistence
from liaison_analysis.demands.themes import DemandThemes

TEXTS = ["园区停车位不足", "厂区没地方停车", "车位太少", "贷款利率太高", "银行不给贷款", "没有抵押物贷款难"]
NEW = ["没地方停车", "银行贷款", "", "全新的事"]


def same(a, b):
    assert (a.predict_proba(TEXTS + NEW) == b.predict_proba(TEXTS + NEW)).all()
    assert a.labels_.tolist() == b.labels_.tolist()
    assert a.themes_.equals(b.themes_)
    assert a.representatives(2).equals(b.representatives(2))


@pytest.mark.parametrize(
    ("options", "y"),
    [
        ({"n_themes": 2}, None),
        ({"n_themes": 2, "encoder": "lexical", "mask": ["园区"]}, None),
        ({"seeds": {"停车": ["停车位不足"], "融资": ["银行贷款"]}}, None),
        ({}, ["停车", None, None, "融资", None, None]),
    ],
)
def test_every_kind_of_model_reads_back_the_same(tmp_path, options, y):
    model = DemandThemes(**options).fit(TEXTS, y)
    model.rename({0: "甲"})
    model.save(tmp_path / "themes.json")
    again = DemandThemes.load(tmp_path / "themes.json")
    same(model, again)
    again.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "themes.json").read_bytes()


def test_edits_are_kept_and_a_loaded_model_goes_on_learning(tmp_path):
    model = DemandThemes(3).fit([*TEXTS, "孩子上学难", "幼儿园学位少", "小学太远"])
    model.merge([0, 1], name="合")
    model.split("合", 2, names=["一", "二"])
    model.save(tmp_path / "themes.json")
    again = DemandThemes.load(tmp_path / "themes.json")
    same(model, again)
    assert len(again.partial_fit(["没地方停车"]).labels_) == 10


def test_a_failed_write_leaves_the_file_of_before(tmp_path, monkeypatch):
    model = DemandThemes(2, encoder="lexical").fit(TEXTS)
    model.save(tmp_path / "themes.json")
    before = (tmp_path / "themes.json").read_bytes()
    monkeypatch.setattr(Path, "write_text", lambda *_, **__: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        model.save(tmp_path / "themes.json")
    assert (tmp_path / "themes.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["themes.json"]


def test_the_file_is_readable_and_versioned(tmp_path):
    DemandThemes(2).fit(TEXTS).rename({0: "停车"}).save(tmp_path / "themes.json")
    content = json.loads((tmp_path / "themes.json").read_text(encoding="utf-8"))
    assert content["version"] == 3
    assert content["themes"][0]["name"] == "停车"
    assert content["texts"] == TEXTS


def test_other_files_and_versions_are_refused(tmp_path):
    path = tmp_path / "themes.json"
    for written in (
        "not json",
        "[]",
        '{"format": "other"}',
        '{"format": "liaison-analysis demand themes", "version": 99}',
    ):
        path.write_text(written, encoding="utf-8")
        with pytest.raises(ValueError, match=r"expected a file .*themes\.json"):
            DemandThemes.load(path)


def test_an_own_encoder_must_be_given_again(tmp_path):
    def encoder(texts):
        return np.array([[len(t), t.count("停") + 1.0, t.count("贷")] for t in texts])

    model = DemandThemes(2, encoder=encoder).fit(TEXTS)
    model.save(tmp_path / "themes.json")
    with pytest.raises(ValueError, match="give it again"):
        DemandThemes.load(tmp_path / "themes.json")
    same(model, DemandThemes.load(tmp_path / "themes.json", encoder=encoder))


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    path = tmp_path_factory.mktemp("themes") / "themes.json"
    DemandThemes(2, encoder="lexical").fit(TEXTS).save(path)
    return json.loads(path.read_text(encoding="utf-8"))


def packed(array, shape=None):
    data = base64.b64encode(zlib.compress(array.tobytes())).decode()
    return {"array": data, "dtype": array.dtype.str, "shape": list(shape or array.shape)}


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("labels", packed(np.zeros(6, dtype=np.float32)), "labels of the wrong kind or shape"),
        ("labels", ["停车"] * 6, "labels of the wrong kind or shape"),
        ("labels", packed(np.full(6, 2)), "labels that name no theme"),
        ("sample_labels", packed(np.full(6, -1)), "sample_labels that name no theme"),
        ("sample_labels", packed(np.zeros(5, dtype=int)), "sample_labels of the wrong kind"),
        ("confidence", packed(np.full(6, np.nan, dtype=np.float32)), "confidence that are not finite"),
        ("confidence", packed(np.zeros(6, dtype=np.float32), [7]), "another size than its shape"),
        ("confidence", packed(np.zeros(6, dtype="S1")), "an array of '[|]S1'"),
        ("points", packed(np.zeros((6, 1), dtype=np.float32)), "points of the wrong kind or shape"),
        ("n_themes", 3, "3 themes and a table of 2"),
        ("texts", "停车位不足", "texts that are no list of texts"),
        ("scorer", {"kind": "other"}, "'other'"),
        ("space", {"unknown": 1}, "unexpected keyword argument"),
    ],
)
def test_a_file_whose_parts_do_not_fit_is_refused(tmp_path, content, key, value, message):
    path = tmp_path / "themes.json"
    path.write_text(json.dumps({**content, key: value}, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(ValueError, match=rf"expected a file .*themes\.json' with .*{message}.*fit again"):
        DemandThemes.load(path)


def test_arrays_that_grow_beyond_the_limit_are_never_unpacked(tmp_path, content, monkeypatch):
    path = tmp_path / "themes.json"
    bomb = packed(np.zeros(10_000_000, dtype=np.int8))
    path.write_text(json.dumps({**content, "rows": bomb}, ensure_ascii=False), encoding="utf-8")
    monkeypatch.setattr(persistence, "MOST_BYTES", 1_000_000)
    with pytest.raises(ValueError, match="arrays of more than 1000000 bytes"):
        DemandThemes.load(path)
    hidden = {**bomb, "shape": [10]}  # says less than it unpacks to
    path.write_text(json.dumps({**content, "rows": hidden}, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(ValueError, match="another size than its shape"):
        DemandThemes.load(path)
