"""Documents as they are delivered, read strictly and typed once."""
