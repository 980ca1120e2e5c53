import heapq
from collections import deque

from builder.parse import BuildError


def order(graph, wanted=()):
    """Targets, each after what it needs; of those that could be next, the first in the file."""
    for name in wanted:
        if name not in graph:
            raise BuildError("no target: %s" % name)
    chosen = closure(graph, wanted or graph)
    place = {target: at for at, target in enumerate(graph)}
    open_needs = {}
    users = {target: [] for target in chosen}
    for target in chosen:
        needs = [need for need in graph[target] if need in chosen]
        open_needs[target] = len(needs)
        for need in needs:
            users[need].append(target)
    ready = [(place[target], target) for target in chosen if open_needs[target] == 0]
    heapq.heapify(ready)
    done = []
    while ready:
        _, target = heapq.heappop(ready)
        done.append(target)
        for user in users[target]:
            open_needs[user] -= 1
            if open_needs[user] == 0:
                heapq.heappush(ready, (place[user], user))
    if len(done) < len(chosen):
        left = chosen - set(done)
        raise BuildError("circle: %s" % " -> ".join(circle(graph, left)))
    return done


def closure(graph, wanted):
    """All targets that are needed for some."""
    found = set(wanted)
    todo = list(wanted)
    while todo:
        for need in graph[todo.pop()]:
            if need in graph and need not in found:
                found.add(need)
                todo.append(need)
    return found


def circle(graph, left):
    """The shortest circle through the first target of the file that is in one. `left` holds a circle."""
    component = components(graph, left)
    for target in graph:
        if target in left and (len(component[target]) > 1 or target in graph[target]):
            return shortest(graph, component[target], target)
    raise AssertionError("there is no circle")


def shortest(graph, inside, start):
    came_from = {}
    todo = deque([start])
    while todo:
        target = todo.popleft()
        for need in graph[target]:
            if need == start:
                path = [start]
                while target != start:
                    path.append(target)
                    target = came_from[target]
                return [start] + path[1:][::-1] + [start]
            if need in inside and need not in came_from:
                came_from[need] = target
                todo.append(need)
    raise AssertionError("there is no way back")


def components(graph, left):
    """The strongly connected component of each target of `left`: two passes, without recursion."""
    finished = []
    seen = set()
    back = {target: [] for target in left}
    for target in left:
        for need in graph[target]:
            if need in left:
                back[need].append(target)
    for root in left:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(graph[root]))]
        while stack:
            target, needs = stack[-1]
            following = next((need for need in needs if need in left and need not in seen), None)
            if following is None:
                finished.append(target)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
    component = {}
    for root in reversed(finished):
        if root in component:
            continue
        members = component[root] = {root}
        todo = [root]
        while todo:
            for user in back[todo.pop()]:
                if user not in component:
                    component[user] = members
                    members.add(user)
                    todo.append(user)
    return component
