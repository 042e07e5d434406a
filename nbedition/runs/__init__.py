"""How notebooks are run: once, or thousands of times in a batch that goes on where it stopped."""
