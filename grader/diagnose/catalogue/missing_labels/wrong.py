"""A curve without a name."""

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt

axes = plt.figure().add_subplot()
axes.plot([0, 1], [0, 1])
answer = axes.get_legend() is not None
# mypy: ignore-errors
