"""Scenarios: small tables of documents inside a contract, and the amounts they must give."""
