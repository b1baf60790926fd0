"""Every diagnosis and every kind of check in each outcome, from the sample solutions, as pages.

    choose → run → show

`exhibits` chooses samples and grades them; `pages` renders them in every language, with an index.
"""
