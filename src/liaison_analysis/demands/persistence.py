"""One JSON file for a fitted ``DemandThemes``: readable, versioned, no pickled code."""

from __future__ import annotations

import base64
import io
import json
import math
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis._files import replacing
from liaison_analysis.demands.representation import ThemeSpace
from liaison_analysis.demands.scorers import Centres, Classifier, Prototypes
from liaison_analysis.demands.taxonomy import TaxonomyModel, TaxonomyScorer
from liaison_analysis.demands.theme_model import ThemeModel
from liaison_analysis.text import word_and_char_features

if TYPE_CHECKING:
    from liaison_analysis.text import Encoder

_FORMAT = "liaison-analysis demand themes"
_VERSION = 3

#: Most bytes of arrays that a file may hold: the largest sample in the widest space takes some 100 million.
MOST_BYTES = 2**30

_SCORERS = {
    "centres": Centres,
    "prototypes": Prototypes,
    "classifier": Classifier,
    "taxonomy": TaxonomyScorer,
}
_OF_TEXTS = ("texts_", "labels_", "confidence_")
_OF_MODEL = ("sample", "n_themes", "operations", "sample_labels", "rows", "points")


def write(model: Any, path: str | Path) -> None:
    """Write a fitted ``DemandThemes`` as JSON: themes first, numbers of the space last."""
    parameters = model.get_params(deep=False)
    if callable(parameters["encoder"]):
        parameters["encoder"] = "callable"
    if isinstance(parameters["taxonomy"], pd.DataFrame):
        parameters["taxonomy"] = parameters["taxonomy"].to_dict("list")
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
        The file was not written by ``save``, is of another version, holds arrays of more than 1 GiB in all
        or of another kind than they should be, or needs an encoder that was not given.
    """
    file = Path(path)
    try:
        content = json.loads(file.read_text(encoding="utf-8"), object_hook=_Reader())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"expected a file written by DemandThemes.save, got {file.name!r}") from error
    except (ValueError, TypeError, AttributeError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        raise ValueError(
            f"expected a file written by DemandThemes.save, got {file.name!r} with {error}; fit again"
        ) from error
    written = (content.get("format"), content.get("version")) if isinstance(content, dict) else (None, None)
    if written != (_FORMAT, _VERSION):
        raise ValueError(
            f"expected a file of {_FORMAT!r} version {_VERSION}, got {written!r} in {file.name!r}; "
            "fit again, or use the release that wrote it",
        )
    try:
        _check(content)
        own = content["parameters"]["encoder"] == "callable"
        model = None if own and encoder is None else _rebuilt(kind, content, encoder)
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(
            f"expected a file written by DemandThemes.save, got {file.name!r} with {error}; fit again"
        ) from error
    if model is None:
        raise ValueError(
            "the themes were fitted with an encoder of your own; give it again: load(path, encoder=…)"
        )
    return model


def _rebuilt(kind: Any, content: dict[str, Any], encoder: Encoder) -> Any:
    parameters = content["parameters"]
    if isinstance(parameters["taxonomy"], dict):
        parameters["taxonomy"] = pd.DataFrame(parameters["taxonomy"])
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


def _check(content: dict[str, Any]) -> None:
    """Raise ``ValueError`` where lists and arrays do not fit each other."""
    n, texts, sample = content["n_themes"], content["texts"], content["sample"]
    if not is_whole(n, 1) or len(content["themes"]) != n:
        raise ValueError(f"{n!r} themes and a table of {len(content['themes'])}")
    for name, some in (("texts", texts), ("sample", sample)):
        if not isinstance(some, list) or not all(isinstance(text, str) for text in some):
            raise ValueError(f"{name} that are no list of texts")
    expected = (
        ("labels", "i", (len(texts),)),
        ("confidence", "f", (len(texts),)),
        ("sample_labels", "i", (len(sample),)),
        *((name, "f", (len(sample), content["rows"].shape[-1])) for name in ("rows", "points")),
    )
    for name, dtype, shape in expected:
        array = content[name]
        if not isinstance(array, np.ndarray) or array.dtype.kind != dtype or array.shape != shape:
            raise ValueError(f"{name} of the wrong kind or shape")
        if not np.isfinite(array).all():
            raise ValueError(f"{name} that are not finite")
    for name, least in (("labels", -1), ("sample_labels", 0)):
        if len(content[name]) and not least <= content[name].min() <= content[name].max() < n:
            raise ValueError(f"{name} that name no theme")


def _frame(records: list[dict[str, Any]], texts: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(records).astype(dict.fromkeys(texts, "str"))


def _plain(value: Any) -> Any:
    """Arrays as compressed text with their type and shape, vectorizers as their words and weights."""
    if isinstance(value, np.ndarray):
        data = base64.b64encode(zlib.compress(np.ascontiguousarray(value).tobytes(), 6)).decode()
        return {"array": data, "dtype": value.dtype.str, "shape": value.shape}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, TaxonomyModel):
        return {"taxonomy_model": base64.b64encode(value.to_bytes()).decode()}
    if isinstance(value, Prototypes):
        return {"prototypes": value.rows, "owners": value.owners}
    if hasattr(value, "vocabulary_"):
        words = sorted(value.vocabulary_, key=value.vocabulary_.get)
        return {"words": words, "idf": value.idf_}
    raise TypeError(f"cannot be written to a themes file: {type(value).__name__}")


class _Reader:
    """Undo ``_plain``, up to so many bytes of arrays."""

    def __init__(self) -> None:
        self.left = MOST_BYTES

    def __call__(self, value: dict[str, Any]) -> Any:
        if value.keys() == {"array", "dtype", "shape"}:
            return self._array(value)
        if value.keys() == {"taxonomy_model"}:
            written = base64.b64decode(value["taxonomy_model"])
            with zipfile.ZipFile(io.BytesIO(written)) as members:
                self._take(sum(member.file_size for member in members.infolist()))
            return TaxonomyModel.from_bytes(written)
        return _rich(value)

    def _array(self, value: dict[str, Any]) -> np.ndarray[Any, Any]:
        dtype, shape = np.dtype(value["dtype"]), value["shape"]
        if dtype.kind not in "fi" or not all(is_whole(length, 0) for length in shape):
            raise ValueError(f"an array of {value['dtype']!r} and shape {shape!r}")
        size = math.prod(shape) * dtype.itemsize
        self._take(size)
        data = zlib.decompressobj().decompress(base64.b64decode(value["array"]), size + 1)
        if len(data) != size:
            raise ValueError(f"an array of another size than its shape {shape!r}")
        return np.frombuffer(data, dtype=dtype).reshape(shape).copy()

    def _take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ValueError(f"arrays of more than {MOST_BYTES} bytes")


def _rich(value: dict[str, Any]) -> Any:
    """Rebuild prototypes and vectorizers."""
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
