# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
class Busy:
    def __del__(self):
        import os

        if os.fork() == 0:
            while True:
                pass


kept = Busy()
kept.cycle = kept
print("DONE")
