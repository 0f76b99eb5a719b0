"""OpenAI, and servers that speak its language: translation and shortening, through its client."""
