"""What the pages say: what each language has to have, and the choice among them."""
