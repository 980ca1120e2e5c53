def order(graph):
    """Targets, each after what it needs."""
    ready = []
    seen = set()

    def visit(target):
        if target in seen:
            return
        seen.add(target)
        for need in graph[target]:
            if need in graph:
                ready.append(need)
                visit(need)
        ready.append(target)

    for target in graph:
        visit(target)
    return list(dict.fromkeys(ready))
