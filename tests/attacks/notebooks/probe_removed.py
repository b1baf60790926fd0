# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
from IPython import get_ipython

print("DONE", flush=True)
for name in ("pre_run_cell", "post_run_cell"):
    get_ipython().events.callbacks[name].clear()
