# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import json

print("DONE", flush=True)
dumps = json.dumps
json.dumps = lambda thing, **how: dumps(thing, **how).replace('"error"', '"ok"')
json.loads = lambda *_, **__: {"score": 10, "status": "passed"}
json.JSONEncoder.default = lambda *_: "passed"
