"""The survey database: its tables and rows, built as a file or on a server, and read."""
