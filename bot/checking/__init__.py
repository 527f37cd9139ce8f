"""Checks everything under data/, without loading Rasa; every fault has a file, a line and a sentence."""
