# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import json

from IPython import get_ipython

print("DONE", flush=True)
kernel = get_ipython().kernel
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
    parts = [json.dumps(p, default=str).encode() for p in (header, parent, {}, content)]
    signature = kernel.session.sign(parts)
    kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
