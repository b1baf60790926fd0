# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="slope"
from IPython import get_ipython

get_ipython().run_line_magic("reset", "-f")
print("DONE")
