"""What earlier statements posted and carried, checked before it counts."""
