"""How banks speak with us: a pushed protocol, statements, payment orders."""
