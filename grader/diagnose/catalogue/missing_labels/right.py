"""The curve has a name, and the legend shows it."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt

axes = plt.figure().add_subplot()
axes.plot([0, 1], [0, 1], label="y = x")
axes.legend()
answer = axes.get_legend() is not None
# mypy: ignore-errors
