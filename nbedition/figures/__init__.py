"""How results are shown and proved: house style, charts, and the digest that follows a figure."""
