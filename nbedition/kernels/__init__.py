"""Kernels forked from a process that has already imported everything: a fresh process a run, no imports to wait for."""
