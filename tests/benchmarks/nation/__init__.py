"""One province and the nation that is copied from it, side by side on PostgreSQL: pages, searches, verbs, closing."""
