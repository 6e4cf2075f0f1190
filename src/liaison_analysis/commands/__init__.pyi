from .registry import app as app
