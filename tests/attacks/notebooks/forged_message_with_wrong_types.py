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
    ("stream", {"name": 5, "text": {"a": 1}}),
    ("stream", []),
    ("display_data", {"data": [1, 2], "metadata": "x"}),
    ("display_data", {"data": {"image/png": 5, "text/html": None}, "metadata": {}}),
    ("update_display_data", {"data": {}, "metadata": {}, "transient": {"display_id": [1]}}),
    ("update_display_data", {"data": {}, "metadata": {}, "transient": []}),
    ("error", {"ename": 1, "evalue": None, "traceback": {"a": 1}}),
    ("execute_result", {"data": None, "execution_count": "many"}),
    ("clear_output", {"wait": "perhaps"}),
    ("clear_output", 3),
    ("status", {"execution_state": {}}),
    ("execute_input", {"code": 1, "execution_count": []}),
    ("\x00", {}),
):
    header = kernel.session.msg_header(kind)
    send(channel="iopub", header=header, parent_header=parent, metadata={}, content=content)
