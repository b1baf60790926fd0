# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
import struct

from IPython import get_ipython

print("DONE", flush=True)
(probe,) = {
    f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
}
end = probe.channel.socket
end.sendall(struct.pack(">4sIQ", b"GRD1", 100, 1 << 40) + b"{}")
