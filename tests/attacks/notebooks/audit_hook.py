# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
import sys

print("DONE", flush=True)


def refuse(event, _):
    raise PermissionError(event)


sys.addaudithook(refuse)
