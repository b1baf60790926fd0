# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="slope"
from IPython import get_ipython

with open("more.py", "w") as file:
    file.write("print('DONE')\nimport sys\nsys.exit(5)\n")
get_ipython().run_line_magic("run", "more.py")
