"""What is wrong, where, why, and how to mend it."""
