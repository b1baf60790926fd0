# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "written"
# ///

# %% name="question"
import os
import pickle

# Its own cache may be poisoned, and nobody reads it; what others read lies elsewhere.
import matplotlib

for folder in (matplotlib.get_cachedir(), os.path.dirname("@writable@")):
    try:
        with open(os.path.join(folder, "fontlist-v390.json"), "w") as file:
            file.write("{" * 1000)
        with open(os.path.join(folder, "cache.pickle"), "wb") as file:
            pickle.dump(print, file)
    except OSError as error:
        print("refused", error)
