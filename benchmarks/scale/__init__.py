"""A model of scale: how many workers, connections and vendors' places a day's minutes take.

python -m benchmarks.scale            the tables of docs/scale.md, by the costs measured last
python -m benchmarks.scale --real     measures them first, and the model against a real service
"""
