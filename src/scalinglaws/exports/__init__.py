"""The catalog as files that other tools read."""
