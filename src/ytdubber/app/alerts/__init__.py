"""An operator is told what is wrong, without a Prometheus."""
