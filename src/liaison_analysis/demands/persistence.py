"""One JSON file for a fitted ``DemandThemes``: readable, versioned, no pickled code."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._files import replacing
from liaison_analysis.demands.representation import ThemeSpace
from liaison_analysis.demands.scorers import Centres, Classifier, Prototypes
from liaison_analysis.demands.theme_model import ThemeModel
from liaison_analysis.text import word_and_char_features

if TYPE_CHECKING:
    from liaison_analysis.text import Encoder

_FORMAT = "liaison-analysis demand themes"
_VERSION = 3
_SCORERS = {"centres": Centres, "prototypes": Prototypes, "classifier": Classifier}
_OF_TEXTS = ("texts_", "labels_", "confidence_")
_OF_MODEL = ("sample", "n_themes", "operations", "sample_labels", "rows", "points")


def write(model: Any, path: str | Path) -> None:
    """Write a fitted ``DemandThemes`` as JSON: themes first, numbers of the space last."""
    parameters = model.get_params(deep=False)
    if callable(parameters["encoder"]):
        parameters["encoder"] = "callable"
    if isinstance(parameters["seeds"], pd.DataFrame):
        parameters["seeds"] = {
            t: list(g) for t, g in parameters["seeds"].groupby("theme", sort=False)["phrase"]
        }
    learnt = model.model_
    scorer = next(name for name, kind in _SCORERS.items() if type(learnt.scorer) is kind)
    space = asdict(learnt.space)
    space.pop("encoder")
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "parameters": {**parameters, "mask": list(parameters["mask"])},
        "themes": model.themes_.to_dict("records"),
        **{name.rstrip("_"): getattr(model, name) for name in _OF_TEXTS},
        **{name: getattr(learnt, name) for name in _OF_MODEL},
        "scorer": {"kind": scorer, **vars(learnt.scorer)},
        "space": space,
    }
    if hasattr(model, "curve_"):
        content["curve"] = model.curve_.to_dict("records")
    text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
    with replacing(Path(path)) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read(kind: Any, path: str | Path, *, encoder: Encoder = None) -> Any:
    """Rebuild a ``DemandThemes``, or a subclass ``kind`` of it, from what ``write`` wrote.

    Raises
    ------
    ValueError
        The file is something else, of a later version, or needs an encoder that was not given.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"), object_hook=_rich)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"expected a file written by DemandThemes.save, got {Path(path).name!r}") from error
    written = (content.get("format"), content.get("version")) if isinstance(content, dict) else (None, None)
    if written != (_FORMAT, _VERSION):
        raise ValueError(
            f"expected a file of {_FORMAT!r} version {_VERSION}, got {written!r} in {Path(path).name!r}; "
            "fit again, or use the release that wrote it",
        )
    parameters = content["parameters"]
    if parameters["encoder"] == "callable" and encoder is None:
        raise ValueError(
            "the themes were fitted with an encoder of your own; give it again: load(path, encoder=…)"
        )
    parameters["encoder"] = encoder if encoder is not None else parameters["encoder"]
    model = kind(**parameters)
    for name in _OF_TEXTS:
        setattr(model, name, content[name.rstrip("_")])
    model.themes_ = _frame(content["themes"], ("name", "terms", "phrase"))
    if "curve" in content:
        model.curve_ = _frame(content["curve"], ())
    scorer = content["scorer"]
    model.model_ = ThemeModel(
        space=ThemeSpace(encoder=parameters["encoder"], **content["space"]),
        scorer=_SCORERS[scorer.pop("kind")](**scorer),
        **{name: content[name] for name in _OF_MODEL if name != "operations"},
        operations=tuple(content["operations"]),
    )
    return model


def _frame(records: list[dict[str, Any]], texts: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(records).astype(dict.fromkeys(texts, "str"))


def _plain(value: Any) -> Any:
    """Arrays as compressed text with their type and shape, vectorizers as their words and weights."""
    if isinstance(value, np.ndarray):
        data = base64.b64encode(zlib.compress(np.ascontiguousarray(value).tobytes(), 6)).decode()
        return {"array": data, "dtype": value.dtype.str, "shape": value.shape}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Prototypes):
        return {"prototypes": value.rows, "owners": value.owners}
    if hasattr(value, "vocabulary_"):
        words = sorted(value.vocabulary_, key=value.vocabulary_.get)
        return {"words": words, "idf": value.idf_}
    raise TypeError(f"cannot be written to a themes file: {type(value).__name__}")


def _rich(value: dict[str, Any]) -> Any:
    """Undo ``_plain``."""
    if value.keys() == {"array", "dtype", "shape"}:
        data = zlib.decompress(base64.b64decode(value["array"]))
        return np.frombuffer(data, dtype=np.dtype(value["dtype"])).reshape(value["shape"]).copy()
    if value.keys() == {"prototypes", "owners"}:
        return Prototypes(value["prototypes"], value["owners"])
    if value.keys() == {"words", "idf"}:
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(
            analyzer=word_and_char_features,
            vocabulary={word: i for i, word in enumerate(value["words"])},
            sublinear_tf=True,
            dtype=value["idf"].dtype,
        )
        vectorizer.idf_ = value["idf"]
        return vectorizer
    return value
