# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="matrix"
from IPython import get_ipython

# In a rerun, which nobody listens to but the probe: cells that nobody asked to be run.
print("DONE", flush=True)
if get_ipython().kernel.session is None:
    (probe,) = {
        f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
    }
    frame = {
        "frame": "cell", "count": 0, "seconds": 0.0, "error": None, "names": {},
        "events": [], "events_total": 0, "figures": [], "warnings": [], "truncated": [],
    }  # fmt: skip
    for count in range(probe.count, probe.count + 40):
        probe.channel.send({**frame, "count": count}, {})
