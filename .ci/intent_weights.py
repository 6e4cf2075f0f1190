"""Write src/liaison_analysis/demands/intent_weights.npz from the examples in intent_phrases.csv."""

from __future__ import annotations

from pathlib import Path

from liaison_analysis.demands.intents import learnt_model

FILE = Path(__file__).parents[1] / "src" / "liaison_analysis" / "demands" / "intent_weights.npz"

if __name__ == "__main__":
    FILE.write_bytes(learnt_model().to_bytes())
