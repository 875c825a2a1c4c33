"""Turns the catalog into the site's Markdown pages, and their mathematics into HTML."""
