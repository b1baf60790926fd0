# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# carried-out = "DONE"
# costs = true
# ///

# %% name="question"
import os
import socket

print("DONE", flush=True)
for name in os.listdir("/proc/self/fd"):
    try:
        if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
            end = socket.socket(fileno=os.dup(int(name)))
            end.shutdown(socket.SHUT_RDWR)
            end.close()
    except OSError:
        continue
