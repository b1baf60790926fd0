# /// attack
# exercise = "control-flow-vector"
# defended-by = ["design"]
# ///

# %% name="scalar"
from IPython.display import HTML, display

print("DONE <script>document.title = 'owned'</script> &#x202e;")
display(HTML("<script>document.title = 'owned'</script>"))
display({"text/plain": "</pre></template><script>document.title = 1</script>"}, raw=True)
