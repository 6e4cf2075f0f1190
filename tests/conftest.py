"""Set for every kernel that the tests start: without these, outputs of notebooks differ from run to run."""

import os

os.environ["PYTHONHASHSEED"] = "0"
os.environ["TQDM_DISABLE"] = "1"


def pytest_collection_modifyitems(config):
    # nbval 0.11 would measure coverage inside the notebooks' kernels as well, and waits in vain for
    # ipykernel 7 to begin; pytest-cov has read the option by now.
    if hasattr(config.option, "cov_source"):
        config.option.cov_source = None
