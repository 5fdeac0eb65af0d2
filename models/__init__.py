"""How parameters are learnt: the BKT family, and the baselines it is measured against."""

from .bkt import BKT

__all__ = ["BKT"]
