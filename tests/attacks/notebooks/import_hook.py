# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# costs = true
# ///

# %% name="jacobian"
import sys


class Everywhere:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(f"{name} is not for you")


sys.meta_path.insert(0, Everywhere())
sys.path_hooks.clear()
sys.modules["torch"] = sys.modules["json"] = sys.modules["numpy"] = None
print("DONE")
