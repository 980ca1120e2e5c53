class BuildError(Exception):
    pass


def parse(text):
    """Needs by target, both in the order in which they are written first."""
    graph = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        target, colon, needs = line.partition(":")
        target = target.strip()
        if not colon or len(target.split()) != 1 or ":" in needs:
            raise BuildError('line %d: expected "target: needs"' % number)
        graph.setdefault(target, {}).update(dict.fromkeys(needs.split()))
    return {target: list(needs) for target, needs in graph.items()}
