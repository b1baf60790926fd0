# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="slope"
import json
import os
import socket
import struct

print("DONE")


def slope(a):
    for way in range(3, 64):
        for name in ("call", "rerun"):
            text = json.dumps(
                {
                    "frame": name,
                    "id": "slope/0",
                    "status": "ok",
                    "error": None,
                    "gradients": {},
                    "returned": {"kind": "number", "text": "passed"},
                }
            ).encode()
            try:
                end = socket.socket(fileno=os.dup(way))
                end.setblocking(False)
                end.send(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)
            except OSError:
                continue
