"""Comparisons of a result set: one module each, all built of `reports.tables`; `registry` names them."""
