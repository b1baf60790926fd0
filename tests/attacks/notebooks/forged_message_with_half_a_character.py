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
parent = kernel.get_parent("shell")["header"]
for kind, content in (
    ("stream", {"name": "stdout", "text": "\ud800 half"}),
    ("stream", {"name": "\udfff", "text": "half"}),
    ("display_data", {"data": {"text/plain": "\ud83d", "\ud800": "x"}, "metadata": {}}),
    ("error", {"ename": "\ud800", "evalue": "\ud800", "traceback": ["\ud800"]}),
    ("execute_result", {"data": {"text/plain": ["\ud800"]}, "metadata": {}, "execution_count": 1}),
):
    header = kernel.session.msg_header(kind)
    send(channel="iopub", header=header, parent_header=parent, metadata={}, content=content)
