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
header = {"msg_type": "stream", "msg_id": "x"}
send()
send(channel="iopub")
send(channel="iopub", header={}, parent_header={}, metadata={}, content={})
send(channel="iopub", header={"msg_type": "stream"}, parent_header={}, metadata={}, content={})
send(channel="iopub", header=header, parent_header={"msg_id": 1}, metadata={}, content={})
send(channel="iopub", header=header, parent_header={}, metadata={}, content=None)
send(channel="shell", header=header, parent_header={}, metadata={}, content={})
send(channel=["iopub"], header=header, parent_header={}, metadata={}, content={})
for text in (b"", b"null", b"[]", b"7", b"{", b"\xff\xfe"):
    line.socket.sendall(struct.pack(">4sIQ", b"GRD1", len(text), 0) + text)
