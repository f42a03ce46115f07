"""Tools that fetch or compute facts for a turn; each is a package that can be used without the chat."""
