"""How notebooks are run and rerun: parameters, execution, results."""
