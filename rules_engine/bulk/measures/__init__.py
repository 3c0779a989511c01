"""What contracts must know of their documents, and how a database adds it up."""
