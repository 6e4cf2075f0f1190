"""Run code as if a package were not installed."""

from __future__ import annotations

import builtins
from contextlib import contextmanager


@contextmanager
def missing_package(monkeypatch, package, cached):
    """Let imports of ``package`` fail; ``cached`` is the cached function that imports it."""
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    cached.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", without)
        yield
    cached.cache_clear()
