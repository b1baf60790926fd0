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
kernel.session.send("iopub", "status", {"execution_state": "idle"}, parent=parent)
reply = {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
kernel.session.send("shell", "execute_reply", reply, parent=parent)
time.sleep(0.3)
