# /// attack
# exercise = "gradient-argument"
# defended-by = ["bubblewrap", "namespaces", "landlock"]
# seconds = 10.0
# ///

# %% name="question"
# Where the grader is installed to be edited, its environment leads into the course.
try:
    import grader.selftest
    import grader.spec

    print("LOOT:", grader.spec.__file__)
except ImportError as error:
    print("refused", error)
