# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="questions"
from IPython import get_ipython

# Frames are numbered; one too many stands in for the next cell's, which another exercise owns.
print("DONE", flush=True)
(probe,) = {
    f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
}
frame = {
    "frame": "cell", "count": probe.count, "seconds": 0.0, "error": None, "names": {},
    "events": [], "events_total": 0, "figures": [], "warnings": [], "truncated": [],
}  # fmt: skip
probe.channel.send(frame, {})
