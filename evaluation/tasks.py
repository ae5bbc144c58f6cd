"""What the background workers run; the rhythm of each stands in `schedules`."""

from evaluation.process import calendar


def close_due_windows():
    """Close every window whose end has come. Safe to run twice; returns what it closed, for the task's page."""
    return [f"{window.cycle}: {window}" for window in calendar.close_due_windows()]
