"""Whole runs of the scores workbook: the product, plain code and stock import-export, on one database."""

from . import books, plain, product, stock, world
from .memory import peaks
from .rounds import best_of, clear, seconds

STOCK_ROWS = 3_000
PER_AGENCY = {"general": 50, "specific": 25}


def measure(rows, times):
    """The times of every contestant for a workbook of `rows` lines (a multiple of 75), and the size of the file."""
    made = world.make(f"p{rows}", agencies=rows // 75, **PER_AGENCY)
    data = books.filled(made)
    found = best_of(
        times,
        {
            "product": lambda: _product(made, data),
            "upsert": lambda: {"upsert": seconds(plain.upserted, made, data)[1]},
            "plain": lambda: {"read": seconds(plain.read, data)[1], "floor": seconds(plain.lines, made, data)[1]},
            "history": lambda: _history(made, data),
        },
    )
    return {"rows": rows, "bytes": len(data)} | found


def _product(made, data):
    run, trial = seconds(product.trial, product.upload(made, data))
    _run, write = seconds(product.write, product.confirm(run))
    return {"trial": trial, "write": write}


def _history(made, data):
    run = product.upload(made, data)
    return {"floor with history": seconds(plain.lines_and_history, made, data, run)[1]}


def measure_stock(times):
    """Stock import-export on the first 3,000 rows of a province of 12,000 lines, and the product on the same rows."""
    made = world.make("stock", agencies=160, **PER_AGENCY)
    few = books.plain_rows(books.filled(made), STOCK_ROWS)
    found = best_of(
        times,
        {
            "stock": lambda: {"stock": seconds(stock.whole, made, few)[1]},
            "marked": lambda: {"stock with marks": seconds(stock.whole, made, few, stock.StockMarks)[1]},
            "product": lambda: {"product": sum(_product(made, few).values())},
        },
    )
    return {"rows": STOCK_ROWS, "bytes": len(few)} | found


def memory(rows, folder):
    """The peaks of memory for the workbook of `rows` lines that `measure` has made."""
    made, path = world.found(f"p{rows}"), folder / f"{rows}.xlsx"
    path.write_bytes(books.filled(made))
    clear()
    found = {"rows": rows, "bytes": path.stat().st_size} | peaks(made, path)
    clear()
    return found
