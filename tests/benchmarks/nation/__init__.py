"""One province and the nation that is copied from it, on PostgreSQL: pages, searches, verbs and closing."""
