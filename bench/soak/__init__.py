"""Deliveries under fire: faults on real windows, judged by what those windows recorded.

`run` puts it together: the windows (`seats`), what happens to them (`faults`), the dispatchers that
are killed and started again (`dispatchers`), the person who decides (`person`), and the verdict
(`verdict`).
"""
