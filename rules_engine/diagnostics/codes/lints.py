"""SW09xx: warnings; they stop nothing."""

CODES: dict[str, tuple[str, str]] = {
    "SW0901": ("payment term exceeds 60 days", "账期超过 60 天"),
}
