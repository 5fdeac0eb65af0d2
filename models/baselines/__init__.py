"""The models that a new one must beat: fitted, traced and saved like any other, without mastery."""

from .baseline import Baseline
from .lr import LR
from .mean import Mean
from .pfa import PFA
from .process import LRHints, LRPace, LRPairs

__all__ = ["LR", "PFA", "Baseline", "LRHints", "LRPace", "LRPairs", "Mean"]
