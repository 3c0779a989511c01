"""What must be written (one module a question): each refuses with both readings and the money between them."""
