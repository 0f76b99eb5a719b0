"""The stages. None imports another: they meet through artifacts and the runner."""
