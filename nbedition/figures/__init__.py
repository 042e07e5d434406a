"""How figures look, and the record that their files carry."""
