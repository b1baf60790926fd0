# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import safetensors
import safetensors.numpy

print("DONE", flush=True)
safetensors.numpy.save = lambda *_, **__: b"\xff" * 4096
safetensors.numpy.load = lambda *_, **__: {}
safetensors.serialize = lambda *_, **__: b""
