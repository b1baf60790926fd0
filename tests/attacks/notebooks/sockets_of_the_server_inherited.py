# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# ///

# %% name="question"
import os
import socket

for name in os.listdir("/proc/self/fd"):
    try:
        end = socket.socket(fileno=os.dup(int(name)))
    except OSError:
        continue
    with end:
        try:
            address = end.getsockname() or end.getpeername()
        except OSError:
            address = ""
        if "server" in str(address):
            print("LOOT: inherited", address)
print("DONE")
