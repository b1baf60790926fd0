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
text = b'{"frame": "cell"}'
end = probe.channel.socket
for length, rest in ((1 << 62, b"{}"), (40 << 20, b"{" * (40 << 20)), (8, b"[[[[[[[[")):
    blob = struct.pack("<Q", length) + rest
    end.sendall(struct.pack(">4sIQ", b"GRD1", len(text), len(blob)) + text + blob)
