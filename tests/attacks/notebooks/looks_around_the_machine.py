# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import os

for folder in ("@root@", os.path.dirname("@root@"), "@course@", "@course@/solutions"):
    try:
        names = os.listdir(folder)
    except OSError as error:
        print("refused", error)
        continue
    if "solutions" in names or "submissions" in names or "@mark@" in names:
        print("LOOT:", names[:5])
