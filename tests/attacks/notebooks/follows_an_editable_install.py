# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
import glob
import os
import site
import sys

# The environment may lie inside the course folder, and may say where the course is.
found = []
for folder in {*site.getsitepackages(), *sys.path, sys.prefix}:
    for file in glob.glob(f"{folder}/*.pth") + glob.glob(f"{folder}/*/direct_url.json"):
        try:
            with open(file) as lines:
                text = lines.read().replace("file://", "\n").replace('"', "\n")
            for line in text.splitlines():
                if os.path.isdir(os.path.join(line.strip(), "solutions")):
                    found.append(line)
        except OSError:
            continue
    for up in (folder, os.path.dirname(folder), os.path.dirname(os.path.dirname(folder))):
        if os.path.isdir(os.path.join(up, "solutions")):
            found.append(up)
if found:
    print("LOOT:", found)
