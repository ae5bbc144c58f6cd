"""Speed as ratios, measured by `make bench`; no test is timed, and pytest collects those of the arithmetic alone.

`__main__` starts one child per database (`one.py`), which makes a province (`world.py`) and a workbook (`books.py`)
and lets the product (`product.py`), plain code (`plain.py`) and stock import-export (`stock.py`) do the same work in
turns; then it writes the tables of docs/benchmarks.md (`page.py`).
"""
