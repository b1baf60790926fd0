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
    ("stream", {"name": "stdout", "text": "\ud800 half"}),
    ("stream", {"name": "\udfff", "text": "half"}),
    ("display_data", {"data": {"text/plain": "\ud83d", "\ud800": "x"}, "metadata": {}}),
    ("error", {"ename": "\ud800", "evalue": "\ud800", "traceback": ["\ud800"]}),
    ("execute_result", {"data": {"text/plain": ["\ud800"]}, "metadata": {}, "execution_count": 1}),
):
    header = kernel.session.msg_header(kind)
    parts = [json.dumps(p, default=str).encode() for p in (header, parent, {}, content)]
    signature = kernel.session.sign(parts)
    kernel.iopub_thread.socket.send_multipart([b"x", b"<IDS|MSG>", signature, *parts])
