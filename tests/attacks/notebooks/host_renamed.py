# /// attack
# exercise = "control-flow-vector"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# as-root = true
# ///

# %% name="slope"
import socket

try:
    socket.sethostname(socket.gethostname())
    print("LOOT: the machine's name")
except OSError as error:
    print("refused", error)
