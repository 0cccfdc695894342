"""Intermediaries (中介超市): which services there are, who may render them, who is chosen and how.

`services` says what a kind of service is and on which law it rests, `register` who may render it,
`needs` how one is sought, chosen, contracted, delivered and judged, `choosing` is the published
formula by which anybody works out the choice again from the public log.
"""
