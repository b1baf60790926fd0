# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# costs = true
# ///

# %% name="scalar"
import asyncio

from IPython import get_ipython

# A keeper made now would answer for an exercise that is not done.
print("DONE", flush=True)
kernel = get_ipython().kernel
handler = kernel.shell_handlers["keep_request"]
for number in range(4):
    request = handler(None, None, {"content": {"keeper": number}, "header": {}})
    try:
        request.send(None)
    except BaseException as error:
        print(type(error).__name__)
asyncio.get_event_loop_policy()
