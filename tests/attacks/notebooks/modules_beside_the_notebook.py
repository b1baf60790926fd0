# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
# Found before the real ones by whoever has the working folder on its path.
for name in ("torch", "json", "sitecustomize", "usercustomize", "grader", "nbformat", "inside"):
    with open(f"{name}.py", "w") as file:
        file.write("print('LOOT: imported', __name__)\nraise SystemExit(9)\n")
print("DONE")
