# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "written"
# ///

# %% name="question"
try:
    with open("@writable@", "w") as file:
        file.write("changed")
    with open("@writable@-2", "w") as file:
        file.write("new")
except OSError as error:
    print("refused", error)
