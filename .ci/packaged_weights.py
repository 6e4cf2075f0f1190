"""Write the packaged classifiers' weights from the tables that teach them."""

from __future__ import annotations

from pathlib import Path

from liaison_analysis.demands.intents import learnt_model, learnt_reader
from liaison_analysis.demands.objects import learnt_weights
from liaison_analysis.demands.taxonomy import TaxonomyModel, park_taxonomy

FOLDER = Path(__file__).parents[1] / "src" / "liaison_analysis" / "demands"

if __name__ == "__main__":
    (FOLDER / "intent_weights.npz").write_bytes(learnt_model().to_bytes())
    (FOLDER / "intent_reader.npz").write_bytes(learnt_reader().to_bytes())
    (FOLDER / "object_weights.csv").write_text(learnt_weights(), encoding="utf-8")
    (FOLDER / "taxonomy_weights.npz").write_bytes(TaxonomyModel.learn(park_taxonomy()).to_bytes())
