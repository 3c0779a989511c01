"""What a batch leaves: its tables, and earlier statements read from them."""
