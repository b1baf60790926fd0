# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="jacobian"
import builtins

import IPython

print("DONE", flush=True)
IPython.get_ipython = builtins.get_ipython = lambda: None
IPython.core.getipython.get_ipython = lambda: None
IPython.core.interactiveshell.InteractiveShell._instance = None
