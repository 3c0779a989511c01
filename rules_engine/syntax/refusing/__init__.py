"""What cannot stand as written, in whole sentences with a fix."""
