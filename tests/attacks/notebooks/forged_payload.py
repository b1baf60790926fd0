# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="question"
from IPython import get_ipython

# A payload asks the client to load, edit or run something, or to leave.
print("DONE", flush=True)
shell = get_ipython()
shell.payload_manager.write_payload({"source": "set_next_input", "text": "x = 1", "replace": True})
shell.payload_manager.write_payload({"source": "load", "filename": "@solution@"})
shell.payload_manager.write_payload({"source": "ask_exit", "keepkernel": False})
shell.payload_manager.write_payload({"source": ["deep"] * 1000})
