# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import builtins

print("DONE", flush=True)
builtins.isinstance = lambda *_: True
builtins.len = lambda *_: 0
builtins.sorted = lambda *_, **__: []
builtins.type = lambda *_: None
