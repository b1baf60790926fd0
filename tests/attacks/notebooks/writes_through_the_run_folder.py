# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# ///

# %% name="question"
import os
import sys

# The connection file holds the key; what is said of this kernel must not say more of others.
folder = os.environ.get("JUPYTER_RUNTIME_DIR", ".")
for name in os.listdir(folder) if os.path.isdir(folder) else ():
    print(name)
for argument in sys.argv:
    if "SECRET" in argument:
        print("LOOT:", argument)
print("DONE")
