"""Notebook 04: what each proposal of the study would do, and how sure one can be."""

from ewppr_lib.study.reform.donors import against_actual, donor_revenue, fixed_share_aid, implied_share
from ewppr_lib.study.reform.packages import OPTIONS, USES, Package, options, package_from
from ewppr_lib.study.reform.settings import Settings
from ewppr_lib.study.reform.simulate import HEADLINE, Span, simulate

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
