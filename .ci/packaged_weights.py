"""Write the packaged classifiers' weights from the tables that teach them, and vectors that never change."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from liaison_analysis.demands.intents import learnt_model, learnt_reader
from liaison_analysis.demands.object_model import ObjectModel
from liaison_analysis.demands.taxonomy import TaxonomyModel, park_taxonomy
from liaison_analysis.introductions import answer_model
from liaison_analysis.introductions.named_firms import learnt_weights as learnt_weights_of_named_firms
from liaison_analysis.introductions.use_model import learnt_use_model
from liaison_analysis.policies.passages import BACKGROUND, learnt_background
from liaison_analysis.policies.ranking import background_topics

PACKAGE = Path(__file__).parents[1] / "src" / "liaison_analysis"
FOLDER = PACKAGE / "demands"

if __name__ == "__main__":
    (FOLDER / "intent_weights.npz").write_bytes(learnt_model().to_bytes())
    (FOLDER / "intent_reader.npz").write_bytes(learnt_reader().to_bytes())
    (FOLDER / "object_weights.npz").write_bytes(ObjectModel.learn().to_bytes())
    (FOLDER / "taxonomy_weights.npz").write_bytes(TaxonomyModel.learn(park_taxonomy()).to_bytes())
    (PACKAGE / "introductions" / "named_firm_weights.csv").write_text(
        learnt_weights_of_named_firms(), encoding="utf-8"
    )
    (PACKAGE / "introductions" / "use_model.npz").write_bytes(learnt_use_model().to_bytes())
    answers = {side: answer_model.learnt_answer_model(side) for side in answer_model.SIDES}
    (PACKAGE / "introductions" / "answer_model.npz").write_bytes(answer_model.to_bytes(answers))
    np.save(PACKAGE / "policies" / BACKGROUND, learnt_background(background_topics()))
