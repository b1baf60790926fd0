# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# succeeds = "leftover"
# ///

# %% name="question"
for folder in ("/tmp", "/var/tmp", "/dev/shm"):
    try:
        with open(f"{folder}/@mark@-left", "w") as file:
            file.write("for the next student")
    except OSError as error:
        print("refused", error)
