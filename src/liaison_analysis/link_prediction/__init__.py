"""Prediction of suppliers that are not listed and of trade links that are not known."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
