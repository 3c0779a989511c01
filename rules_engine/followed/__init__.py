"""Work that is done once and made again for other values: what was asked of the values is remembered and asked anew."""
