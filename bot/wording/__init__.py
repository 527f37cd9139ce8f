"""How facts and replies become words; the phrasebook and the guard share it."""
