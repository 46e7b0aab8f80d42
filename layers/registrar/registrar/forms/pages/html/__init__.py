"""Building HTML: escaped elements, the document around them, inputs with labels and errors."""
