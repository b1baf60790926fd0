# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import sys

for name, module in list(sys.modules.items()):
    if name.split(".")[0] == "inside" and getattr(module, "__file__", None):
        try:
            with open(module.__file__, "a"):
                print("LOOT: can be changed:", name)
                break
        except OSError as error:
            print("refused", error)
