"""Write the packaged classifiers' weights from the tables that teach them."""

from __future__ import annotations

from pathlib import Path

from liaison_analysis.demands.intents import learnt_model
from liaison_analysis.demands.taxonomy import TaxonomyModel, park_taxonomy

FOLDER = Path(__file__).parents[1] / "src" / "liaison_analysis" / "demands"

if __name__ == "__main__":
    (FOLDER / "intent_weights.npz").write_bytes(learnt_model().to_bytes())
    (FOLDER / "taxonomy_weights.npz").write_bytes(TaxonomyModel.learn(park_taxonomy()).to_bytes())
