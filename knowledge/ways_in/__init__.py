"""The ways in: what users bring (saved pages, tables, exports, guides) becomes records beside the built-in ones."""
