"""Stripe: payments for credit, and reports of usage."""
