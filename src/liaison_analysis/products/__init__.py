"""What is made of what: a general catalogue of products, the words for them, and their inputs."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
