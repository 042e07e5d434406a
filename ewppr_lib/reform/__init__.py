"""Notebook 04: what each proposal of the study would do, and how sure one can be."""

from ewppr_lib.reform.donors import against_actual, donor_revenue, fixed_share_aid, implied_share
from ewppr_lib.reform.packages import OPTIONS, USES, Package, options, package_from
from ewppr_lib.reform.settings import Settings
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
