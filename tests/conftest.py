"""Set for every kernel that the tests start: without these, outputs of notebooks differ from run to run."""

import os

os.environ["PYTHONHASHSEED"] = "0"
os.environ["TQDM_DISABLE"] = "1"
