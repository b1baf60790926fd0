# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
from pathlib import Path

for place in ("solutions/backward-twice/reference.py", "exercises/backward-twice/exercise.toml"):
    try:
        text = Path("@course@", place).read_text()
        print("LOOT:", text[:60])
    except OSError as error:
        print("refused", error)
