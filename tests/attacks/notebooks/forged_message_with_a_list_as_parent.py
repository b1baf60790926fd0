# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import json
import struct

from IPython import get_ipython


def send(**message):
    text = json.dumps(message, default=str).encode()
    line.socket.sendall(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)


print("DONE", flush=True)
kernel = get_ipython().kernel
line = kernel.session.line
header = dict(kernel.session.msg_header("stream"), date="2020-01-01T00:00:00Z")
for parent in ([1, 2], "parent", 7, None, {"msg_id": []}, {"msg_id": {"a": 1}}):
    for channel in ("iopub", "shell"):
        content = {"name": "stdout", "text": "forged"}
        send(channel=channel, header=header, parent_header=parent, metadata={}, content=content)
