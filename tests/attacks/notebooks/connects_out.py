# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "seccomp"]
# ///

# %% name="question"
import socket

# Connecting a datagram socket asks only for a way out, and sends nothing.
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
    try:
        end.connect(("198.51.100.1", 53))
        print("LOOT: a way out from", end.getsockname()[0])
    except OSError as error:
        print("refused", error)
if len(socket.if_nameindex()) > 1:
    print("LOOT:", socket.if_nameindex())
