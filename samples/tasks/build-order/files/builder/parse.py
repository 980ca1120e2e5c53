def parse(text):
    """Needs by target."""
    graph = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        target, needs = line.split(":")
        graph[target] = set(needs.split())
    return graph
