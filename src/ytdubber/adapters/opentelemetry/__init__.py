"""OpenTelemetry: spans to a collector, by its own settings (ADR 49)."""
