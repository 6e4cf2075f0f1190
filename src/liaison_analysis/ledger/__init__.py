"""The ledger: reading, validation, writing; its tables, the sample, and protection of small groups."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
