# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
from IPython import get_ipython

print("DONE", flush=True)
(probe,) = {
    f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
}
probe.cell = None
probe.after(None)
probe.count = 10**30
probe.tell(float("nan"), None)
