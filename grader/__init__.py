"""Grades PyTorch autograd exercises handed in as Jupyter notebooks, and says why an answer is wrong."""

__version__ = "0.1.0"
