"""What a contract's own numbers tell without any document: one module a question, ordered in `questions`."""
