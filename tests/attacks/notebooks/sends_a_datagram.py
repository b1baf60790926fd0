# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces"]
# succeeds = "udp"
# ///

# %% name="question"
import socket

try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.sendto(b"x", ("127.0.0.1", int("@udp@")))
except OSError as error:
    print("refused", error)
