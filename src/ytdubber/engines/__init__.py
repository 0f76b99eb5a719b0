"""How engines are asked: adapters behind middlewares, each of which is written once."""
