"""Mutants of `evaluation/rules`, where mutmut itself reaches little: decorated functions and tables. `make mutants`.

`changes` lists every small change of a file by mutmut's own operators, and `__main__` draws a sample of them. `trial`
is a plugin of pytest: it runs the tests once, notes which of them runs which line, and tries each change against the
tests that reach it, in a child process that has all the work of the first run behind it. What `exchange` cannot change
in a running process, such as a default value, is tried in a process of its own by `instead`.
"""
