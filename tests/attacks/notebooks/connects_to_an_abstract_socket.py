# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "abstract"
# ///

# %% name="question"
import socket

try:
    with socket.socket(socket.AF_UNIX) as end:
        end.settimeout(1)
        end.connect("\0@abstract@")
        print("LOOT:", end.recv(100).decode())
except OSError as error:
    print("refused", error)
