# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# succeeds = "tcp"
# ///

# %% name="question"
import socket

try:
    with socket.create_connection(("127.0.0.1", int("@tcp@")), timeout=1) as end:
        print("LOOT:", end.recv(100).decode())
except OSError as error:
    print("refused", error)
