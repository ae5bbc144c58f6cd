"""Mutants of `evaluation/rules`, where mutmut itself reaches little: decorated functions and tables. `make mutants`.

`changes` lists every small change of a file by mutmut's own operators, and `__main__` draws a sample of them. `trial`
is a plugin of pytest: it runs the tests once, notes which of them runs which line, and tries each change against the
tests that reach it. It does so in `children` that have imported the product and done nothing else, where `exchange`
gives the functions their changed code. What was used during the import, such as a table or a default value, is tried
in a process of its own, in which `instead` gives the changed module.
"""
