# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import socket
import struct

print("DONE", flush=True)
socket.socket.sendall = lambda *_: None
socket.socket.recv = lambda *_: b"GRD1" + bytes(12)
struct.pack = struct.unpack = lambda *_: b"GRD1" + bytes(12)
