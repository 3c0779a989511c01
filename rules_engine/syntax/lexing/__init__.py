"""From lines to lexemes, and the parse table that tells the lexer what to expect."""
