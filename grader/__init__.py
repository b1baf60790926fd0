"""Grades PyTorch autograd exercises in Jupyter notebooks, and says why an answer is wrong."""

__version__ = "0.1.0"
