# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# ///

# %% name="question"
try:
    with open("@solution@") as file:
        print("LOOT:", file.read())
except OSError as error:
    print("refused", error)
