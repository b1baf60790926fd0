# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="questions"
from IPython import get_ipython

print("DONE", flush=True)
(probe,) = {
    f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
}
send = probe.channel.send
probe.channel.send = lambda frame, arrays: send(
    {**frame, "score": 10, "status": "passed", "checks": [{"id": "slope", "score": 3}]}, arrays
)
probe.channel.send = send
