"""SE05xx: what a contract must write because money depends on it."""

CODES: dict[str, tuple[str, str]] = {
    "SE0501": ("tier reading must be written", "必须写明阶梯算法"),
}
