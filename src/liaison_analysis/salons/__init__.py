"""Salons: what to hold, whom to invite, who meets whom when, who sits where."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
