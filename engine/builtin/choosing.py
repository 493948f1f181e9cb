"""The learned weights of `choose`, by the names of the features. bench/fit_choose.py writes the file."""

import json
from collections.abc import Mapping
from pathlib import Path

_READ: Mapping[str, Mapping[str, float]] = json.loads(Path(__file__).with_name("choosing.json").read_bytes())
CHOOSING = _READ["choosing"]  # among the tools that are offered
MEANING = _READ["meaning"]  # whether the best one is meant at all
