# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import subprocess

got = subprocess.run(["/bin/cat", "@solution@"], capture_output=True, text=True)
if got.stdout:
    print("LOOT:", got.stdout)
