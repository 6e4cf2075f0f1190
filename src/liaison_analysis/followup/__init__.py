"""Follow-up of demands, visits and projects, and tasks that are due."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
