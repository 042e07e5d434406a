"""Notebook 04: what each proposal of the study would do, and how sure one can be."""

from ewppr_lib.reform.aid import against_actual, donor_revenue, fixed_share_aid, implied_share
from ewppr_lib.reform.packages import OPTIONS, USES, Package, Settings, options, package_from
from ewppr_lib.reform.simulate import HEADLINE, Span, simulate

__all__ = [
    "HEADLINE",
    "OPTIONS",
    "USES",
    "Package",
    "Settings",
    "Span",
    "against_actual",
    "donor_revenue",
    "fixed_share_aid",
    "implied_share",
    "options",
    "package_from",
    "simulate",
]
