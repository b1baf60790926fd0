# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
from IPython import get_ipython

print("DONE", flush=True)
get_ipython().ask_exit()
exit()
