# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "written"
# ///

# %% name="question"
import os

# By way of a link, a descriptor and a name with `..`.
for action in (
    lambda: os.link("@writable@", "hard"),
    lambda: os.symlink("@writable@", "soft"),
    lambda: os.truncate("soft", 0),
    lambda: os.truncate("hard", 0),
    lambda: os.truncate("/proc/self/cwd/../../../../../../../@writable@", 0),
):
    try:
        action()
    except OSError as error:
        print("refused", error)
