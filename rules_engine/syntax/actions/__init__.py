"""The parser's actions: from lexemes to the tree."""
