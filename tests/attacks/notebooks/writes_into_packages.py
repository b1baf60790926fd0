# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# as-root = true
# ///

# %% name="question"
import matplotlib

# What the next student imports. Opened to append, nothing is appended.
try:
    with open(matplotlib.__file__, "a"):
        print("LOOT: matplotlib can be changed")
except OSError as error:
    print("refused", error)
