"""Money, rounding, periods and working days: the floor that all stand on."""
