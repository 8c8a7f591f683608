"""Benchmarks: what the panel promises in figures, measured on real windows beside a peer.

Each module of this package that has MEASURES is a suite: see bench.figures.Measure.
"""
