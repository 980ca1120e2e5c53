import sys

from builder.graph import order
from builder.parse import BuildError, parse


def main(argv):
    if not argv:
        print("usage: python3 -m builder FILE [TARGET...]", file=sys.stderr)
        return 1
    try:
        with open(argv[0], encoding="utf-8") as file:
            graph = parse(file.read())
        lines = order(graph, argv[1:])
    except (BuildError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for line in lines:
        print(line)
    return 0


sys.exit(main(sys.argv[1:]))
