# /// attack
# exercise = "gradient-argument"
# defended-by = ["design"]
# answer = "starter"
# ///

# %% name="jacobian"
class Lie:
    shape = (3,)
    dtype = "float32"

    def __array__(self, *_, **__):
        while True:
            print("asked", flush=True)
            raise SystemExit

    def __float__(self):
        raise KeyboardInterrupt

    def __str__(self):
        return "x" * (1 << 24)

    __repr__ = __str__

    def __class__(self):
        raise MemoryError

    def __reduce__(self):
        return print, ("LOOT: unpickled",)


y = a_gradient = b_gradient = c_gradient = meaning = Lie()
print("DONE")
