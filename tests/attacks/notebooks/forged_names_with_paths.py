# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
import json
import struct

from IPython import get_ipython

print("DONE", flush=True)
(probe,) = {
    f.__self__ for f in get_ipython().events.callbacks["post_run_cell"] if "Probe" in repr(f)
}
value = {"kind": "text", "text": "../../../../@writable@"}
names = {"../../../../@writable@": value, "/etc/passwd": value, "\x00": value, "": value}
frame = {
    "frame": "cell", "count": probe.count, "seconds": 0.0, "error": None, "names": names,
    "events": [], "events_total": 0, "figures": [], "warnings": [], "truncated": [],
}  # fmt: skip
text = json.dumps(frame).encode()
probe.channel.socket.sendall(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)
