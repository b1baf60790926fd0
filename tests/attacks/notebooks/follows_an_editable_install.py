# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# editable = true
# ///

# %% name="question"
import glob
import os
import site
import sys

# The environment lies inside the course folder, and says where that is.
places = set()
for folder in {*site.getsitepackages(), *sys.path, sys.prefix, sys.executable}:
    up = folder
    while up not in ("", "/"):
        places.add(up)
        up = os.path.dirname(up)
    for file in glob.glob(f"{folder}/*.pth") + glob.glob(f"{folder}/*/direct_url.json"):
        try:
            with open(file) as lines:
                text = lines.read().replace("file://", "\n").replace('"', "\n")
        except OSError:
            continue
        places |= set(map(str.strip, text.splitlines()))
for place in sorted(places):
    try:
        with open(f"{place}/solutions/backward-twice/reference.py") as file:
            print("LOOT:", file.read()[:60])
    except (OSError, ValueError):
        continue
print("looked at", len(places))
