# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import os
import pwd

try:
    with open("@home@") as file:
        print("LOOT:", file.read())
except OSError as error:
    print("refused", error)
try:
    found = os.listdir(pwd.getpwuid(os.getuid()).pw_dir)
    print("LOOT:" if found else "empty", len(found))
except (OSError, KeyError) as error:
    print("refused", error)
